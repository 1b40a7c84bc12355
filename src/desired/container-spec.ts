import type { Secret } from '../secret.ts'

/**
 * A container as it should be on one node. Field names follow RKE's process description; `command` becomes
 * Docker's `Entrypoint` and `args` its `Cmd`. Lists are compared as sets, so their order never matters.
 */
export interface ContainerSpec {
  readonly name: string
  readonly image: string
  readonly command: readonly string[]
  readonly args: readonly string[]
  readonly env: readonly string[]
  readonly binds: readonly string[]
  readonly volumesFrom: readonly string[]
  readonly network: 'host' | 'none' | 'bridge'
  readonly pid?: 'host'
  readonly privileged: boolean
  readonly restart?: 'always'
  readonly labels: Readonly<Record<string, string>>
  readonly user?: string
  /** Extra SELinux options; applied only where Docker runs with SELinux. */
  readonly securityOpt: readonly string[]
  /** Flags, without dashes, that the component reads on its first start only: another value is no reason to replace it. */
  readonly firstStartFlags?: readonly string[]
  /** The health check of the running component; absent if only "running" can be checked. */
  readonly health?: HealthCheck
  /** Created, never started: `service-sidekick` only lends its volume. */
  readonly createdOnly?: boolean
}

/** A health endpoint as seen on the node itself. */
export interface HealthCheck {
  readonly url: string
  /** `status`: HTTP 200. `etcd`: the JSON body's `health` is `"true"`. */
  readonly success: 'status' | 'etcd'
  /** Name of the certificate in the bundle that is presented, if the endpoint asks for one. */
  readonly clientCertificate?: string
}

/** Who may do what with a file or folder of a node. */
export interface Access {
  /** Permission bits, such as 0o600. */
  readonly mode: number
  /** Absent, with `gid`: it keeps its owner, and is root's if it is new. */
  readonly uid?: number
  readonly gid?: number
  /** Others may read it, whatever `mode` says. */
  readonly isPublic?: true
}

/** A file as it should be on a node. */
export interface FileSpec extends Access {
  /** Absolute path on the node, prefix path included. */
  readonly path: string
  readonly content: Secret<string>
  /** What happens to another file of this name: overwritten by default, only in a forced deployment, or never. */
  readonly overwrite?: 'when-forced' | 'never'
  /** Holds a certificate or key that was made in this run: its content is another one each time. */
  readonly generated?: boolean
}
