import type { Readable } from 'node:stream'
import type { Secret } from '../../secret.ts'
import type {
  ContainerInspect,
  ContainerSummary,
  CreateRequest,
  DockerInfo,
  ImageInspect,
  RegistryAuth,
} from './docker-types.ts'

/** What every request takes. It also ends when its node is closed. */
export interface RequestOptions {
  /** Aborted: the request ends at once, with a `CancelledError`. Docker may carry it out all the same. */
  readonly signal?: AbortSignal | undefined
}

export interface StopOptions extends RequestOptions {
  /** Seconds between SIGTERM and SIGKILL. */
  readonly graceSeconds: number
}

export interface RemoveContainerOptions extends RequestOptions {
  /** Kill it if it runs. */
  readonly force: boolean
  /** Remove its anonymous volumes too; images that declare a volume leak one per container otherwise. */
  readonly volumes: boolean
}

export interface WaitOptions extends RequestOptions {
  /** Milliseconds to wait. */
  readonly limitMs: number
}

/** A pull that is tried again. */
export interface PullRetry {
  /** Which try comes next, from 2 on, and how many there are at most. */
  readonly attempt: number
  readonly tries: number
  readonly pauseMs: number
  /** Why the last one failed. */
  readonly reason: string
}

export interface PullListener {
  /** Bytes of all layers known so far. The total grows while the registry is asked for layers. */
  readonly onProgress?: (bytesDone: number, bytesTotal: number) => void
  readonly onRetry?: (retry: PullRetry) => void
}

export interface PullOptions extends RequestOptions, PullListener {
  readonly auth?: Secret<RegistryAuth>
}

export interface LoadOptions extends RequestOptions {
  /** Bytes that Docker has taken. */
  readonly onProgress?: (bytes: number) => void
}

export interface LogOptions extends RequestOptions {
  /** Lines from the end; all of them without it. */
  readonly tail?: number
  /** Only what was written since then, by the node's clock: whole seconds since 1970. */
  readonly since?: number
}

export type RestartPolicyName = 'no' | 'always' | 'unless-stopped' | 'on-failure'

/**
 * The Docker daemon of one node. Containers are named by name or id.
 *
 * Every call fails with a `DockerError` (host, step, Docker's own message, hint) when Docker refuses or does not
 * answer in time, and with a `ConnectionError` when Docker cannot be reached. What takes long, pulls and archives, has as
 * much time as it needs, as long as something moves.
 */
export interface DockerApi {
  info(options?: RequestOptions): Promise<DockerInfo>
  /** Containers in every state. */
  listContainers(options?: RequestOptions): Promise<readonly ContainerSummary[]>
  /** `undefined` if there is no such container. */
  inspectContainer(nameOrId: string, options?: RequestOptions): Promise<ContainerInspect | undefined>
  createContainer(
    name: string,
    spec: CreateRequest,
    options?: RequestOptions,
  ): Promise<{ readonly id: string }>
  startContainer(nameOrId: string, options?: RequestOptions): Promise<void>
  /** No error if it is stopped already. */
  stopContainer(nameOrId: string, options: StopOptions): Promise<void>
  restartContainer(nameOrId: string, options: StopOptions): Promise<void>
  renameContainer(nameOrId: string, newName: string, options?: RequestOptions): Promise<void>
  /** Changes the restart policy of a container that exists. */
  setRestartPolicy(nameOrId: string, policy: RestartPolicyName, options?: RequestOptions): Promise<void>
  /** No error if it is gone already. */
  removeContainer(nameOrId: string, options: RemoveContainerOptions): Promise<void>
  /**
   * Resolves when the container is not running, or to `undefined` if it still is after that time. Docker's own wait:
   * nothing is polled.
   */
  waitContainer(nameOrId: string, options: WaitOptions): Promise<{ readonly exitCode: number } | undefined>
  /** stdout and stderr, each as text. */
  logs(nameOrId: string, options?: LogOptions): Promise<ContainerLogs>
  /** `undefined` if the node does not have the image. */
  inspectImage(ref: string, options?: RequestOptions): Promise<ImageInspect | undefined>
  /**
   * Pulls even if the image is there, and again where the cause of a failure may pass. Pulls of one reference at the same
   * time are one pull. Fails with `ImagePullError`.
   */
  pullImage(ref: string, options?: PullOptions): Promise<void>
  /** A tar archive of images with their names, to be read as it comes (`docker save`). */
  saveImages(refs: readonly string[], options?: RequestOptions): Promise<Readable>
  /**
   * Takes in the images of such an archive, compressed or not (`docker load`), and answers what Docker says of
   * each: its name, or its id if it has none. Also fails with the archive's own error.
   */
  loadImages(archive: Readable, options?: LoadOptions): Promise<readonly string[]>
  /** Unpacks a tar archive below `path`, an existing folder of the container, which need not run. */
  putArchive(nameOrId: string, path: string, tar: Readable | Buffer, options?: RequestOptions): Promise<void>
  /** A tar archive of `path`, or `undefined` if there is no such path. The container need not run. */
  getArchive(nameOrId: string, path: string, options?: RequestOptions): Promise<Readable | undefined>
  /** What a file or folder is as the container sees it, or `undefined` if there is none. It need not run. */
  statOf(nameOrId: string, path: string, options?: RequestOptions): Promise<PathStat | undefined>
}

export interface PathStat {
  /** Permission bits. */
  readonly mode: number
  /** When the file was written, or something in the folder came or went, by the node's clock. */
  readonly modified: Date
}

export interface ContainerLogs {
  readonly stdout: string
  readonly stderr: string
}
