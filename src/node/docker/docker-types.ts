/**
 * Shapes of the Docker Engine API v1.41, cut down to the members this program reads or writes. They keep
 * Docker's own spelling, so that a recorded `docker inspect` can be used as test data unchanged.
 */

/** `GET /info`. */
export interface DockerInfo {
  readonly ServerVersion: string
  /** `linux` or `windows`. */
  readonly OSType: string
  /** Name of the distribution; decides the prefix path. */
  readonly OperatingSystem: string
  /** Normally `/var/lib/docker`. */
  readonly DockerRootDir: string
  /** E.g. `name=seccomp,profile=default`, `name=selinux`. */
  readonly SecurityOptions: readonly string[]
  /** As `uname -m` says it: `x86_64`, `aarch64`. */
  readonly Architecture: string
  /** Of the machine. */
  readonly Name: string
  /** The machine's clock, RFC 3339. */
  readonly SystemTime: string
}

/** One line of `GET /containers/json`. */
export interface ContainerSummary {
  readonly id: string
  /** Without the leading slash. */
  readonly names: readonly string[]
  /** `created`, `running`, `paused`, `restarting`, `removing`, `exited` or `dead`. */
  readonly state: string
  readonly image: string
  readonly labels: Readonly<Record<string, string>>
  /** Seconds since 1970. */
  readonly created: number
}

export interface RestartPolicy {
  readonly Name: '' | 'no' | 'always' | 'unless-stopped' | 'on-failure'
}

export type PortBindings = Readonly<
  Record<string, readonly { readonly HostIp?: string; readonly HostPort: string }[]>
>

/** `HostConfig` of a create request. */
export interface HostConfigCreate {
  readonly Binds?: readonly string[]
  readonly VolumesFrom?: readonly string[]
  readonly NetworkMode?: string
  readonly PidMode?: string
  readonly Privileged?: boolean
  readonly RestartPolicy?: RestartPolicy
  readonly SecurityOpt?: readonly string[]
  readonly PortBindings?: PortBindings
  readonly LogConfig?: { readonly Type: string; readonly Config?: Readonly<Record<string, string>> }
}

/** Body of `POST /containers/create`. A member that is left out is left to the image or to Docker. */
export interface CreateRequest {
  readonly Image: string
  readonly Entrypoint?: readonly string[]
  readonly Cmd?: readonly string[]
  readonly Env?: readonly string[]
  readonly Labels?: Readonly<Record<string, string>>
  readonly User?: string
  readonly Tty?: boolean
  readonly ExposedPorts?: Readonly<Record<string, Record<string, never>>>
  readonly HostConfig?: HostConfigCreate
}

/** `GET /containers/{id}/json`. */
export interface ContainerInspect {
  readonly Id: string
  /** With the leading slash. */
  readonly Name: string
  /** Digest of the image the container was made from. */
  readonly Image: string
  /** RFC 3339. */
  readonly Created: string
  /** Path of the json-file log on the node; empty with other log drivers. */
  readonly LogPath: string
  readonly RestartCount: number
  readonly State: {
    readonly Status: string
    readonly Running: boolean
    readonly Restarting: boolean
    readonly Paused?: boolean
    readonly ExitCode: number
    readonly Error: string
    readonly StartedAt: string
    readonly FinishedAt: string
  }
  readonly Config: {
    readonly Image: string
    readonly Entrypoint: readonly string[] | null
    readonly Cmd: readonly string[] | null
    readonly Env: readonly string[] | null
    readonly Labels: Readonly<Record<string, string>> | null
    readonly User?: string
  }
  readonly HostConfig: {
    readonly Binds: readonly string[] | null
    readonly SecurityOpt: readonly string[] | null
    readonly VolumesFrom?: readonly string[] | null
    readonly NetworkMode?: string
    readonly PidMode?: string
    readonly Privileged?: boolean
    readonly RestartPolicy?: { readonly Name: string }
  }
  readonly Mounts: readonly {
    readonly Type: string
    readonly Name?: string
    readonly Source: string
    readonly Destination: string
  }[]
}

/** `GET /images/{ref}/json`. */
export interface ImageInspect {
  readonly Id: string
  readonly RepoTags: readonly string[]
  readonly Config: {
    readonly Entrypoint: readonly string[] | null
    readonly Cmd: readonly string[] | null
    readonly Env: readonly string[] | null
    readonly Volumes?: Readonly<Record<string, unknown>> | null
  }
}

/** What `X-Registry-Auth` carries. A registry without user and password gives an empty object. */
export interface RegistryAuth {
  readonly username?: string
  readonly password?: string
}
