import { Readable } from 'node:stream'
import type Dockerode from 'dockerode'
import { realTime, type Time } from '../../time.ts'
import { counted } from '../transport/counted.ts'
import { inPieces } from '../transport/in-pieces.ts'
import type { OpenStream } from '../transport/link-agent.ts'
import { causeOf, containerSummary, headersOf, type RawSummary, statIn, unlessMissing } from './answers.ts'
import { DockerClient, QUICK, SLOW } from './client.ts'
import type {
  ContainerLogs,
  DockerApi,
  LoadOptions,
  LogOptions,
  PathStat,
  PullOptions,
  RemoveContainerOptions,
  RequestOptions,
  RestartPolicyName,
  StopOptions,
  WaitOptions,
} from './docker-api.ts'
import { dockerMessage, isBeingRemoved, isNotFound, statusOf } from './docker-error.ts'
import type {
  ContainerInspect,
  ContainerSummary,
  CreateRequest,
  DockerInfo,
  ImageInspect,
} from './docker-types.ts'
import type { Client } from './load-dockerode.ts'
import { loadImages } from './load-images.ts'
import { pullWithRetries } from './pulls/pull-retries.ts'
import { SharedPulls } from './pulls/shared-pulls.ts'
import { readLog } from './read-streams.ts'
import { saveImages } from './save-images.ts'

/** The Docker daemon of a node, through any stream to its socket. Nothing is sent before the first call. */
export class Docker implements DockerApi {
  readonly #client: DockerClient
  readonly #pulls: SharedPulls

  constructor(host: string, open: OpenStream, time: Time = realTime) {
    this.#client = new DockerClient(host, open, time)
    this.#pulls = new SharedPulls(host)
  }

  /** Ends all requests. */
  close(): void {
    this.#client.close()
  }

  async info(options: RequestOptions = {}): Promise<DockerInfo> {
    const info = (await this.#read('report its settings', options, (docker, abortSignal) =>
      docker.info({ abortSignal }),
    )) as DockerInfo
    return { ...info, SecurityOptions: info.SecurityOptions ?? [] }
  }

  async listContainers(options: RequestOptions = {}): Promise<readonly ContainerSummary[]> {
    const list: readonly RawSummary[] = await this.#read('list containers', options, (docker, abortSignal) =>
      docker.listContainers({ all: true, abortSignal }),
    )
    return list.map(containerSummary)
  }

  async inspectContainer(name: string, options: RequestOptions = {}): Promise<ContainerInspect | undefined> {
    return (await unlessMissing(
      this.#read(`inspect container ${name}`, options, (docker, abortSignal) =>
        container(docker, name).inspect({ abortSignal }),
      ),
    )) as ContainerInspect | undefined
  }

  async createContainer(
    name: string,
    spec: CreateRequest,
    options: RequestOptions = {},
  ): Promise<{ readonly id: string }> {
    return await this.#change(`create container ${name}`, options, async (docker, abortSignal) => {
      // Else the whole configuration, environment included, were in the address of the request.
      const request = { _query: { name }, _body: spec, abortSignal }
      return { id: (await docker.createContainer(request)).id }
    })
  }

  async startContainer(name: string, options: RequestOptions = {}): Promise<void> {
    await this.#change(`start container ${name}`, options, (docker, abortSignal) =>
      unlessAlready(container(docker, name).start({ abortSignal })),
    )
  }

  async stopContainer(name: string, options: StopOptions): Promise<void> {
    const query = { t: options.graceSeconds }
    await this.#change(`stop container ${name}`, options, (docker, abortSignal) =>
      unlessAlready(container(docker, name).stop(queryOnly(query, abortSignal))),
    )
  }

  async restartContainer(name: string, options: StopOptions): Promise<void> {
    const query = { t: options.graceSeconds }
    await this.#change(`restart container ${name}`, options, (docker, abortSignal) =>
      container(docker, name).restart(queryOnly(query, abortSignal)),
    )
  }

  async renameContainer(name: string, newName: string, options: RequestOptions = {}): Promise<void> {
    await this.#change(`rename container ${name} to ${newName}`, options, (docker, abortSignal) =>
      container(docker, name).rename(queryOnly({ name: newName }, abortSignal)),
    )
  }

  async setRestartPolicy(
    name: string,
    policy: RestartPolicyName,
    options: RequestOptions = {},
  ): Promise<void> {
    const step = `change the restart policy of container ${name}`
    await this.#change(step, options, (docker, abortSignal) =>
      container(docker, name).update({ _body: { RestartPolicy: { Name: policy } }, abortSignal }),
    )
  }

  async removeContainer(name: string, options: RemoveContainerOptions): Promise<void> {
    const step = `remove container ${name}`
    const query = { force: options.force, v: options.volumes }
    try {
      await unlessMissing(
        this.#change(step, options, (docker, abortSignal) =>
          container(docker, name).remove(queryOnly(query, abortSignal)),
        ),
      )
    } catch (error) {
      if (!isBeingRemoved(causeOf(error))) throw error
      // Another removal is in progress, such as that of a run that was killed.
      await unlessMissing(
        this.#change(step, options, (docker, abortSignal) =>
          container(docker, name).wait(queryOnly({ condition: 'removed' }, abortSignal)),
        ),
      )
    }
  }

  async waitContainer(
    name: string,
    { limitMs, signal }: WaitOptions,
  ): Promise<{ readonly exitCode: number } | undefined> {
    const over = this.#client.time.limit(limitMs)
    const ends = signal === undefined ? over : AbortSignal.any([signal, over])
    const call = { step: `wait for container ${name}`, limit: limitMs + QUICK, signal: ends }
    try {
      const { StatusCode } = await this.#client.transfer(call, (docker, abortSignal) =>
        container(docker, name).wait({ abortSignal }),
      )
      return { exitCode: StatusCode }
    } catch (error) {
      if (!over.aborted || signal?.aborted) throw error
      return undefined
    }
  }

  async logs(name: string, { tail, since, signal }: LogOptions = {}): Promise<ContainerLogs> {
    const query = { stdout: true, stderr: true, tail: tail ?? 'all', ...(since !== undefined && { since }) }
    const call = { step: `read the log of container ${name}`, limit: QUICK, signal }
    return await this.#client.transfer(call, async (docker, abortSignal, idle) => {
      // `follow` has dockerode hand on a stream; Docker sees the query alone, and does not follow.
      const request = { follow: true, _query: query, abortSignal } as const
      return readLog(docker, idle.received(Readable.from(await container(docker, name).logs(request))))
    })
  }

  async inspectImage(ref: string, options: RequestOptions = {}): Promise<ImageInspect | undefined> {
    return (await unlessMissing(
      this.#read(`inspect image ${ref}`, options, (docker, abortSignal) =>
        docker.getImage(ref).inspect({ abortSignal }),
      ),
    )) as ImageInspect | undefined
  }

  async pullImage(ref: string, options: PullOptions = {}): Promise<void> {
    await this.#pulls.pull(ref, options, (listener, signal) =>
      pullWithRetries(this.#client, { ref, auth: options.auth }, listener, signal),
    )
  }

  async saveImages(refs: readonly string[], options: RequestOptions = {}): Promise<Readable> {
    return await saveImages(this.#client, refs, options)
  }

  async loadImages(archive: Readable, options: LoadOptions = {}): Promise<readonly string[]> {
    return await loadImages(this.#client, archive, options)
  }

  async putArchive(
    name: string,
    path: string,
    tar: Readable | Buffer,
    { signal }: RequestOptions = {},
  ): Promise<void> {
    const call = { step: `write files to ${path}`, limit: QUICK, signal }
    const source = Buffer.isBuffer(tar) ? Readable.from(inPieces(tar)) : tar
    await this.#client.transfer(call, (docker, abortSignal, idle) =>
      container(docker, name).putArchive(counted(source, idle.moved), queryOnly({ path }, abortSignal)),
    )
  }

  async getArchive(
    name: string,
    path: string,
    { signal }: RequestOptions = {},
  ): Promise<Readable | undefined> {
    const call = { step: `read ${path}`, limit: QUICK, signal }
    const opening = this.#client.download(call, async (docker, abortSignal) =>
      Readable.from(await container(docker, name).getArchive(queryOnly({ path }, abortSignal))),
    )
    return await opening.catch((error: unknown) => {
      const cause = causeOf(error)
      if (isNotFound(cause) && !/no such container/i.test(dockerMessage(cause))) return undefined
      throw error
    })
  }

  async statOf(name: string, path: string, options: RequestOptions = {}): Promise<PathStat | undefined> {
    const headers = this.#read(`inspect ${path}`, options, async (docker, abortSignal) =>
      headersOf(await container(docker, name).infoArchive(queryOnly({ path }, abortSignal))),
    )
    return await unlessMissing(headers.then(statIn))
  }

  #read<T>(step: string, { signal }: RequestOptions, send: Send<T>): Promise<T> {
    return this.#client.request({ step, limit: QUICK, signal, reads: true }, send)
  }

  #change<T>(step: string, { signal }: RequestOptions, send: Send<T>): Promise<T> {
    return this.#client.request({ step, limit: SLOW, signal }, send)
  }
}

type Send<T> = (docker: Client, abortSignal: AbortSignal) => Promise<T>

function container(docker: Client, nameOrId: string): Dockerode.Container {
  return docker.getContainer(encodeURIComponent(nameOrId))
}

/** Options for dockerode that are all in the address: by itself it repeats them as a body. */
function queryOnly<Q extends object>(query: Q, abortSignal: AbortSignal) {
  return { _query: query, _body: {}, abortSignal }
}

/** Docker answers 304 where a container runs, or is stopped, already. */
async function unlessAlready(answer: Promise<unknown>): Promise<void> {
  await answer.catch((error: unknown) => {
    if (statusOf(error) !== 304) throw error
  })
}
