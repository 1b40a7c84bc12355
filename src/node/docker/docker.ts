import type { Readable } from 'node:stream'
import {
  causeOf,
  containerPath,
  containerSummary,
  modeOf,
  type RawSummary,
  unlessMissing,
} from './answers.ts'
import { DockerClient, QUICK, SLOW } from './client.ts'
import { demultiplex } from './demultiplex.ts'
import type {
  ContainerLogs,
  DockerApi,
  EventFilters,
  LoadOptions,
  LogOptions,
  PullOptions,
  RemoveOptions,
  StopOptions,
} from './docker-api.ts'
import { dockerMessage, isBeingRemoved, isNotFound } from './docker-error.ts'
import type {
  ContainerCreate,
  ContainerInspect,
  ContainerSummary,
  DockerEvent,
  DockerInfo,
  ImageInspect,
} from './docker-types.ts'
import { jsonLines } from './json-lines.ts'
import type { OpenSocket } from './link-agent.ts'
import { loadImages } from './load-images.ts'
import { pullImage } from './pull.ts'
import { saveImages } from './save-images.ts'
import { SharedPulls } from './shared-pulls.ts'

type Query = Readonly<Record<string, string | number | boolean>>

/** The Docker daemon of a node, through any stream to its socket. Nothing is sent before the first call. */
export class Docker implements DockerApi {
  readonly #client: DockerClient
  readonly #pulls: SharedPulls

  constructor(host: string, open: OpenSocket) {
    this.#client = new DockerClient(host, open)
    this.#pulls = new SharedPulls(host)
  }

  close(): void {
    this.#client.close()
  }

  async info(): Promise<DockerInfo> {
    const info = await this.#get('tell its settings', '/info')
    return { ...(info as DockerInfo), SecurityOptions: (info as Partial<DockerInfo>).SecurityOptions ?? [] }
  }

  async listContainers(): Promise<readonly ContainerSummary[]> {
    const list = (await this.#get('list containers', '/containers/json', {
      all: true,
    })) as readonly RawSummary[]
    return list.map(containerSummary)
  }

  async inspectContainer(nameOrId: string): Promise<ContainerInspect | undefined> {
    const found = this.#get(`inspect container ${nameOrId}`, `${containerPath(nameOrId)}/json`)
    return (await unlessMissing(found)) as ContainerInspect | undefined
  }

  async createContainer(name: string, spec: ContainerCreate): Promise<{ readonly id: string }> {
    const call = { path: '/containers/create', query: { name }, body: spec, step: `create container ${name}` }
    const created = await this.#client.json({ ...call, method: 'POST', limit: SLOW })
    return { id: (created as { Id: string }).Id }
  }

  async startContainer(nameOrId: string): Promise<void> {
    await this.#post(`start container ${nameOrId}`, `${containerPath(nameOrId)}/start`)
  }

  async stopContainer(nameOrId: string, { graceSeconds }: StopOptions): Promise<void> {
    await this.#post(`stop container ${nameOrId}`, `${containerPath(nameOrId)}/stop`, { t: graceSeconds })
  }

  async restartContainer(nameOrId: string, { graceSeconds }: StopOptions): Promise<void> {
    await this.#post(`restart container ${nameOrId}`, `${containerPath(nameOrId)}/restart`, {
      t: graceSeconds,
    })
  }

  async renameContainer(nameOrId: string, newName: string): Promise<void> {
    const step = `rename container ${nameOrId} to ${newName}`
    await this.#post(step, `${containerPath(nameOrId)}/rename`, { name: newName })
  }

  async setRestartPolicy(
    nameOrId: string,
    policy: 'no' | 'always' | 'unless-stopped' | 'on-failure',
  ): Promise<void> {
    const step = `change the restart policy of container ${nameOrId}`
    const body = { RestartPolicy: { Name: policy } }
    await this.#client.json({
      method: 'POST',
      path: `${containerPath(nameOrId)}/update`,
      body,
      step,
      limit: QUICK,
    })
  }

  async removeContainer(nameOrId: string, { force, volumes }: RemoveOptions): Promise<void> {
    const call = {
      path: containerPath(nameOrId),
      query: { force, v: volumes },
      step: `remove container ${nameOrId}`,
    }
    try {
      await unlessMissing(this.#client.json({ ...call, method: 'DELETE', limit: SLOW }))
    } catch (error) {
      if (!isBeingRemoved(causeOf(error))) throw error
      // Somebody else's removal goes on, such as that of a run that was killed.
      const gone = { path: `${call.path}/wait`, query: { condition: 'removed' }, step: call.step }
      await unlessMissing(this.#client.json({ ...gone, method: 'POST', limit: SLOW }))
    }
  }

  async waitContainer(nameOrId: string, signal?: AbortSignal): Promise<{ readonly exitCode: number }> {
    const call = { path: `${containerPath(nameOrId)}/wait`, step: `wait for container ${nameOrId}` }
    const ended = await this.#client.json({
      ...call,
      method: 'POST',
      ...(signal === undefined ? {} : { signal }),
    })
    return { exitCode: (ended as { StatusCode: number }).StatusCode }
  }

  async logs(nameOrId: string, { tail, since }: LogOptions = {}): Promise<ContainerLogs> {
    const query = { stdout: true, stderr: true, tail: tail ?? 'all', ...(since !== undefined && { since }) }
    const log = await this.#get(
      `read the log of container ${nameOrId}`,
      `${containerPath(nameOrId)}/logs`,
      query,
    )
    return demultiplex(Buffer.isBuffer(log) ? log : Buffer.alloc(0))
  }

  async inspectImage(ref: string): Promise<ImageInspect | undefined> {
    return (await unlessMissing(this.#get(`inspect image ${ref}`, `/images/${ref}/json`))) as
      | ImageInspect
      | undefined
  }

  async pullImage(ref: string, options: PullOptions = {}): Promise<void> {
    await this.#pulls.pull(ref, options, (onProgress, signal) =>
      pullImage(this.#client, ref, options.auth, onProgress, signal),
    )
  }

  async saveImages(refs: readonly string[], signal?: AbortSignal): Promise<Readable> {
    return await saveImages(this.#client, refs, signal)
  }

  async loadImages(archive: Readable, options: LoadOptions = {}): Promise<readonly string[]> {
    return await loadImages(this.#client, archive, options)
  }

  async putArchive(nameOrId: string, path: string, tar: Readable | Buffer): Promise<void> {
    const call = {
      path: `${containerPath(nameOrId)}/archive`,
      query: { path },
      step: `write files to ${path}`,
    }
    await this.#client.json({ ...call, method: 'PUT', archive: tar })
  }

  async getArchive(nameOrId: string, path: string): Promise<Readable | undefined> {
    const call = { path: `${containerPath(nameOrId)}/archive`, query: { path }, step: `read ${path}` }
    return await this.#client.stream({ ...call, method: 'GET' }).catch((error: unknown) => {
      if (isNotFound(causeOf(error)) && !/no such container/i.test(dockerMessage(causeOf(error))))
        return undefined
      throw error
    })
  }

  async modeOf(nameOrId: string, path: string): Promise<number | undefined> {
    const call = { path: `${containerPath(nameOrId)}/archive`, query: { path }, step: `look at ${path}` }
    const look = this.#client.headers({ ...call, method: 'HEAD', limit: QUICK }).then(modeOf)
    return (await unlessMissing(look)) as number | undefined
  }

  async *events(filters: EventFilters, signal: AbortSignal): AsyncGenerator<DockerEvent> {
    const query = { filters: JSON.stringify(filters) }
    const call = { method: 'GET', path: '/events', query, step: 'watch events', signal } as const
    const stream = await this.#client.stream(call)
    try {
      for await (const event of jsonLines(stream)) yield event as DockerEvent
    } catch (error) {
      if (!signal.aborted) throw this.#client.failure(error, call.step)
    }
  }

  async removeVolume(name: string): Promise<void> {
    const path = `/volumes/${encodeURIComponent(name)}`
    await unlessMissing(
      this.#client.json({ method: 'DELETE', path, step: `remove volume ${name}`, limit: QUICK }),
    )
  }

  #get(step: string, path: string, query?: Query): Promise<unknown> {
    return this.#client.json({
      method: 'GET',
      path,
      step,
      limit: QUICK,
      ...(query === undefined ? {} : { query }),
    })
  }

  async #post(step: string, path: string, query?: Query): Promise<void> {
    await this.#client.json({
      method: 'POST',
      path,
      step,
      limit: SLOW,
      ...(query === undefined ? {} : { query }),
    })
  }
}
