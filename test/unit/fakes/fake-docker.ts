import { EventEmitter, on } from 'node:events'
import { Readable } from 'node:stream'
import { CancelledError, DockerError, ImagePullError } from '../../../src/errors.ts'
import type {
  ContainerLogs,
  DockerApi,
  LoadOptions,
  LogOptions,
  PathStat,
  PullOptions,
  RemoveContainerOptions,
  StopOptions,
  WaitOptions,
} from '../../../src/node/docker/docker-api.ts'
import type {
  ContainerInspect,
  ContainerSummary,
  CreateRequest,
  DockerInfo,
  ImageInspect,
} from '../../../src/node/docker/docker-types.ts'
import { archivedImages, imageArchive } from '../../sim/image-archive.ts'
import { type FakeContainer, type FakeOutcome, fakeContainer, inspectFake } from './fake-container.ts'
import { archiveOf, type FakeFiles, unpack } from './fake-files.ts'

export interface FakeCall {
  readonly name: keyof DockerApi
  readonly args: readonly unknown[]
}

/** What Docker says of itself on an ordinary machine. */
export const ORDINARY_INFO: DockerInfo = {
  ServerVersion: '27.1.1',
  OSType: 'linux',
  OperatingSystem: 'Debian GNU/Linux 12 (bookworm)',
  DockerRootDir: '/var/lib/docker',
  SecurityOptions: ['name=seccomp,profile=default'],
  Architecture: 'x86_64',
  Name: 'machine',
  SystemTime: '2026-01-02T00:00:00Z',
}

/**
 * Docker in memory: containers, images, and the node's files as binds show them. Every call is noted, and
 * `beforeCall` may throw in its place.
 */
export class FakeDocker implements DockerApi {
  readonly host: string
  readonly calls: FakeCall[] = []
  /** By name. */
  readonly containers = new Map<string, FakeContainer>()
  readonly images = new Map<string, ImageInspect>()
  /** Images that can be pulled; any other pull fails. `undefined`: every image can be pulled. */
  registry: Map<string, ImageInspect> | undefined
  /** The node's files, by absolute path. */
  readonly files: FakeFiles = new Map()
  settings: DockerInfo = ORDINARY_INFO
  /** Throw here to make a call fail. */
  beforeCall: ((name: keyof DockerApi, args: readonly unknown[]) => void | Promise<void>) | undefined
  /** What becomes of a started container; by default it runs on if it has a restart policy, else exits with 0. */
  onStart: ((container: FakeContainer) => FakeOutcome | undefined) | undefined
  readonly #changes = new EventEmitter().setMaxListeners(0)

  constructor(host: string) {
    this.host = host
  }

  /** Names of the calls that change something, with their first argument: `startContainer etcd`. */
  get changes(): readonly string[] {
    return this.calls
      .filter(({ name }) => !READING.includes(name))
      .map(({ name, args }) => `${name} ${String(args[0])}`)
  }

  /** Puts an image on the node. */
  addImage(ref: string, config: Partial<ImageInspect['Config']> = {}): void {
    this.images.set(ref, fakeImage(ref, config))
  }

  /** Puts a container on the node, running if it has a restart policy. */
  addContainer(name: string, spec: CreateRequest, status?: FakeContainer['status']): FakeContainer {
    if (!this.images.has(spec.Image)) this.addImage(spec.Image)
    const container = fakeContainer(name, spec, this.images.get(spec.Image) ?? fakeImage(spec.Image))
    container.status = status ?? (container.restartPolicy === '' ? 'created' : 'running')
    this.containers.set(name, container)
    return container
  }

  /** Ends a running container. */
  exit(name: string, exitCode: number): void {
    const container = this.#find(name, 'end it')
    container.status = 'exited'
    container.exitCode = exitCode
    this.#changes.emit('change')
  }

  async info(): Promise<DockerInfo> {
    await this.#note('info')
    return this.settings
  }

  async listContainers(): Promise<readonly ContainerSummary[]> {
    await this.#note('listContainers')
    return [...this.containers.values()].map(({ id, name, status, spec, created }) => ({
      id,
      names: [name],
      state: status,
      image: spec.Image,
      labels: spec.Labels ?? {},
      created,
    }))
  }

  async inspectContainer(nameOrId: string): Promise<ContainerInspect | undefined> {
    await this.#note('inspectContainer', nameOrId)
    const container = this.#lookUp(nameOrId)
    return container === undefined ? undefined : inspectFake(container)
  }

  async createContainer(name: string, spec: CreateRequest): Promise<{ readonly id: string }> {
    await this.#note('createContainer', name, spec)
    const image = this.images.get(spec.Image)
    if (image === undefined) throw this.#error(`create container ${name}`, `No such image: ${spec.Image}`)
    if (this.containers.has(name)) {
      throw this.#error(`create container ${name}`, `The container name "/${name}" is already in use`)
    }
    const container = fakeContainer(name, spec, image)
    this.containers.set(name, container)
    return { id: container.id }
  }

  async startContainer(nameOrId: string): Promise<void> {
    await this.#note('startContainer', nameOrId)
    const container = this.#find(nameOrId, 'start it')
    container.starts += 1
    const outcome =
      this.onStart?.(container) ?? (container.restartPolicy === '' ? { exitCode: 0 } : 'running')
    container.status = outcome === 'running' ? 'running' : 'exited'
    if (outcome === 'running') {
      this.#changes.emit('change')
      return
    }
    container.exitCode = outcome.exitCode
    container.stdout += outcome.stdout ?? ''
    container.stderr += outcome.stderr ?? ''
    this.#changes.emit('change')
  }

  async stopContainer(nameOrId: string, options: StopOptions): Promise<void> {
    await this.#note('stopContainer', nameOrId, options)
    const container = this.#find(nameOrId, 'stop it')
    if (container.status === 'running' || container.status === 'restarting') this.exit(container.name, 0)
  }

  async restartContainer(nameOrId: string, options: StopOptions): Promise<void> {
    await this.#note('restartContainer', nameOrId, options)
    const container = this.#find(nameOrId, 'restart it')
    container.status = 'running'
    container.starts += 1
    this.#changes.emit('change')
  }

  async renameContainer(nameOrId: string, newName: string): Promise<void> {
    await this.#note('renameContainer', nameOrId, newName)
    const container = this.#find(nameOrId, 'rename it')
    if (this.containers.has(newName))
      throw this.#error(`rename ${nameOrId}`, `"/${newName}" is already in use`)
    this.containers.delete(container.name)
    container.name = newName
    this.containers.set(newName, container)
  }

  async setRestartPolicy(
    nameOrId: string,
    policy: 'no' | 'always' | 'unless-stopped' | 'on-failure',
  ): Promise<void> {
    await this.#note('setRestartPolicy', nameOrId, policy)
    this.#find(nameOrId, 'change it').restartPolicy = policy
  }

  async removeContainer(nameOrId: string, options: RemoveContainerOptions): Promise<void> {
    await this.#note('removeContainer', nameOrId, options)
    const container = this.#lookUp(nameOrId)
    if (container === undefined) return
    if (container.status === 'running' && !options.force) {
      throw this.#error(`remove container ${nameOrId}`, 'You cannot remove a running container')
    }
    this.containers.delete(container.name)
    this.#changes.emit('change')
  }

  async waitContainer(
    nameOrId: string,
    { limitMs, signal }: WaitOptions,
  ): Promise<{ readonly exitCode: number } | undefined> {
    await this.#note('waitContainer', nameOrId)
    const container = this.#find(nameOrId, 'wait for it')
    const ended = (): boolean => container.status !== 'running' && container.status !== 'restarting'
    if (ended()) return { exitCode: container.exitCode }
    const over = AbortSignal.timeout(limitMs)
    try {
      const either = signal === undefined ? over : AbortSignal.any([signal, over])
      for await (const _ of on(this.#changes, 'change', { signal: either })) if (ended()) break
    } catch (cause) {
      if (!signal?.aborted) return undefined
      throw new CancelledError(`wait for container ${nameOrId} was cancelled`, { host: this.host, cause })
    }
    return { exitCode: container.exitCode }
  }

  async logs(nameOrId: string, options: LogOptions = {}): Promise<ContainerLogs> {
    await this.#note('logs', nameOrId, options)
    const { tail } = options
    const { stdout, stderr } = this.#find(nameOrId, 'read its log')
    return { stdout: lastLines(stdout, tail), stderr: lastLines(stderr, tail) }
  }

  async inspectImage(ref: string): Promise<ImageInspect | undefined> {
    await this.#note('inspectImage', ref)
    return this.images.get(ref)
  }

  async pullImage(ref: string, options: PullOptions = {}): Promise<void> {
    await this.#note('pullImage', ref, options)
    const image = this.registry === undefined ? fakeImage(ref) : this.registry.get(ref)
    if (image === undefined) {
      throw new ImagePullError(`${this.host} could not pull ${ref}: manifest unknown`, { host: this.host })
    }
    options.onProgress?.(100, 100)
    this.images.set(ref, image)
  }

  async saveImages(refs: readonly string[]): Promise<Readable> {
    await this.#note('saveImages', refs)
    return Readable.from([await imageArchive(refs)])
  }

  async loadImages(archive: Readable, _options?: LoadOptions): Promise<readonly string[]> {
    await this.#note('loadImages')
    const names = await archivedImages(archive)
    for (const name of names) this.addImage(name)
    return names
  }

  async putArchive(nameOrId: string, path: string, archive: Readable | Buffer): Promise<void> {
    await this.#note('putArchive', nameOrId, path)
    await unpack(archive, this.#onNode(nameOrId, path), this.files)
  }

  async getArchive(nameOrId: string, path: string): Promise<Readable | undefined> {
    await this.#note('getArchive', nameOrId, path)
    return archiveOf(this.#onNode(nameOrId, path), path, this.files)
  }

  async statOf(nameOrId: string, path: string): Promise<PathStat | undefined> {
    await this.#note('statOf', nameOrId, path)
    const file = this.files.get(this.#onNode(nameOrId, path))
    return file && { mode: file.mode, modified: new Date(0) }
  }

  async #note(name: keyof DockerApi, ...args: readonly unknown[]): Promise<void> {
    this.calls.push({ name, args })
    await this.beforeCall?.(name, args)
  }

  #lookUp(nameOrId: string): FakeContainer | undefined {
    return this.containers.get(nameOrId) ?? [...this.containers.values()].find(({ id }) => id === nameOrId)
  }

  #find(nameOrId: string, doing: string): FakeContainer {
    const found = this.#lookUp(nameOrId)
    if (found === undefined) throw this.#error(doing, `No such container: ${nameOrId}`)
    return found
  }

  /** The node's path for a path in a container: through its bind. */
  #onNode(nameOrId: string, path: string): string {
    const binds = this.#find(nameOrId, 'copy files').spec.HostConfig?.Binds ?? []
    for (const bind of binds) {
      const [source = '', target = ''] = bind.split(':')
      if (path === target || path.startsWith(`${target}/`)) return source + path.slice(target.length)
    }
    throw this.#error(`copy ${path}`, `${path} is not below a bind of ${nameOrId}`)
  }

  #error(step: string, message: string): DockerError {
    return new DockerError(`Docker on ${this.host} could not ${step}: ${message}`, { host: this.host, step })
  }
}

const READING: readonly (keyof DockerApi)[] = [
  'info',
  'listContainers',
  'inspectContainer',
  'waitContainer',
  'logs',
  'inspectImage',
  'saveImages',
  'getArchive',
]

function fakeImage(ref: string, config: Partial<ImageInspect['Config']> = {}): ImageInspect {
  const Config = { Entrypoint: null, Cmd: null, Env: ['PATH=/usr/bin:/bin'], ...config }
  return { Id: `sha256:${ref}`, RepoTags: [ref], Config }
}

function lastLines(text: string, count: number | undefined): string {
  if (count === undefined) return text
  return text
    .split('\n')
    .slice(text.endsWith('\n') ? -count - 1 : -count)
    .join('\n')
}
