import type { Duplex } from 'node:stream'

/** Where a channel leads, as seen from the node. */
export type DialTarget = { readonly socket: string } | { readonly host: string; readonly port: number }

/** Why a link ended. `error` is absent after an orderly `close()`. */
export interface LinkClosed {
  readonly error?: Error
}

/** All the engine knows of a machine: byte streams to addresses that the machine can reach. */
export interface Link {
  /** Opens a stream to a Unix socket on the node, or to a TCP address as the node sees it. */
  dial(to: DialTarget, signal?: AbortSignal): Promise<Duplex>
  /** Resolves, never rejects, once the link has ended. */
  readonly closed: Promise<LinkClosed>
  close(): Promise<void>
}

/** How one machine is reached: a `nodes` entry of cluster.yml after defaults, with cluster-wide values. */
export interface NodeSpec {
  readonly address: string
  readonly port: string
  readonly user: string
  readonly dockerSocket?: string
  readonly sshAgentAuth?: boolean
  readonly sshKey?: string
  readonly sshKeyPath?: string
  readonly sshCert?: string
  readonly sshCertPath?: string
  readonly bastion?: BastionSpec
}

/** `bastion_host` of cluster.yml: a jump host whose connection all nodes share. */
export type BastionSpec = Omit<NodeSpec, 'bastion' | 'dockerSocket'>

/** How nodes are reached: SSH by default; a test, a local Docker or an agent may supply its own. */
export interface TransportFactory {
  /** Fails with what is wrong with the login of a machine, or of a bastion, as far as that is seen without dialling it. */
  check?(login: BastionSpec): Promise<void>
  open(node: NodeSpec, signal: AbortSignal): Promise<Link>
}
