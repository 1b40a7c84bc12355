import type { Readable } from 'node:stream'
import type { Secret } from '../../secret.ts'
import type {
  ContainerCreate,
  ContainerInspect,
  ContainerSummary,
  DockerEvent,
  DockerInfo,
  ImageInspect,
  RegistryAuth,
} from './docker-types.ts'

export interface StopOptions {
  /** Seconds between SIGTERM and SIGKILL. */
  readonly graceSeconds: number
}

export interface RemoveOptions {
  /** Kill it if it runs. */
  readonly force: boolean
  /** Remove its anonymous volumes too; images that declare a volume leak one per container otherwise. */
  readonly volumes: boolean
}

export interface PullOptions {
  readonly auth?: Secret<RegistryAuth>
  /** Bytes of all layers known so far. The total grows while the registry is asked for layers. */
  readonly onProgress?: (bytesDone: number, bytesTotal: number) => void
  readonly signal?: AbortSignal
}

export interface LoadOptions {
  /** Bytes that Docker has taken. */
  readonly onProgress?: (bytes: number) => void
  readonly signal?: AbortSignal
}

export interface LogOptions {
  /** Lines from the end; all of them without it. */
  readonly tail?: number
  /** Only what was written since then, by the node's clock: whole seconds since 1970. */
  readonly since?: number
}

export interface EventFilters {
  readonly type?: readonly string[]
  readonly event?: readonly string[]
  readonly container?: readonly string[]
}

/**
 * The Docker daemon of one node. Containers are named by name or id.
 *
 * Every call fails with a `DockerError` (host, step, Docker's own message, hint) when Docker refuses, and
 * with a `ConnectionError` when Docker cannot be reached.
 */
export interface DockerApi {
  info(): Promise<DockerInfo>
  /** Containers in every state. */
  listContainers(): Promise<readonly ContainerSummary[]>
  /** `undefined` if there is no such container. */
  inspectContainer(nameOrId: string): Promise<ContainerInspect | undefined>
  createContainer(name: string, spec: ContainerCreate): Promise<{ readonly id: string }>
  startContainer(nameOrId: string): Promise<void>
  /** No error if it is stopped already. */
  stopContainer(nameOrId: string, options: StopOptions): Promise<void>
  restartContainer(nameOrId: string, options: StopOptions): Promise<void>
  renameContainer(nameOrId: string, newName: string): Promise<void>
  /** Changes the restart policy of a container that exists. */
  setRestartPolicy(nameOrId: string, policy: 'no' | 'always' | 'unless-stopped' | 'on-failure'): Promise<void>
  /** No error if it is gone already. */
  removeContainer(nameOrId: string, options: RemoveOptions): Promise<void>
  /** Resolves when the container is not running. Docker's own wait: nothing is polled. */
  waitContainer(nameOrId: string, signal?: AbortSignal): Promise<{ readonly exitCode: number }>
  /** stdout and stderr, each as text. */
  logs(nameOrId: string, options?: LogOptions): Promise<ContainerLogs>
  /** `undefined` if the node does not have the image. */
  inspectImage(ref: string): Promise<ImageInspect | undefined>
  /** Pulls even if the image is there. Pulls of one reference at the same time are one pull. Fails with `ImagePullError`. */
  pullImage(ref: string, options?: PullOptions): Promise<void>
  /** A tar archive of images with their names, to be read as it comes (`docker save`). */
  saveImages(refs: readonly string[], signal?: AbortSignal): Promise<Readable>
  /**
   * Takes in the images of such an archive, compressed or not (`docker load`), and answers what Docker says of
   * each: its name, or its id if it has none. Also fails with the archive's own error.
   */
  loadImages(archive: Readable, options?: LoadOptions): Promise<readonly string[]>
  /** Unpacks a tar archive below `path`, an existing folder of the container, which need not run. */
  putArchive(nameOrId: string, path: string, tar: Readable | Buffer): Promise<void>
  /** A tar archive of `path`, or `undefined` if there is no such path. The container need not run. */
  getArchive(nameOrId: string, path: string): Promise<Readable | undefined>
  /** Permission bits of a file or folder as the container sees it, or `undefined` if there is none. It need not run. */
  modeOf(nameOrId: string, path: string): Promise<number | undefined>
  /** Messages from now on, until the signal is aborted. */
  events(filters: EventFilters, signal: AbortSignal): AsyncIterable<DockerEvent>
  /** No error if it is gone already. */
  removeVolume(name: string): Promise<void>
}

export interface ContainerLogs {
  readonly stdout: string
  readonly stderr: string
}
