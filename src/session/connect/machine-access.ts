import type { ActionContext } from '../../actions/action-handler.ts'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { Node } from '../../node/node.ts'
import type { CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import type { Time } from '../../time.ts'
import { kubeletsThrough } from './api-endpoint.ts'
import { nodeAt } from './connect-nodes.ts'
import { probeThrough } from './probe.ts'
import { type EcrLogin, registryLogins } from './registry-logins.ts'

/** Ways to machines, and to what is asked through them. */
export type MachineAccess = Pick<ActionContext, 'node' | 'probe' | 'reachKubelet' | 'credentials' | 'time'>

export interface ClusterCredentials {
  /** Certificates with which components are asked. */
  readonly bundle: CertificatesBundle
  readonly config: Pick<ClusterConfig, 'privateRegistries'>
  /** AWS by default. */
  readonly ecrLogin?: EcrLogin | undefined
  /** The machine's own by default. */
  readonly time?: Time | undefined
}

/** Binds the credentials of a cluster to its connected machines, so that an action needs none. */
export function machineAccess(
  nodes: ReadonlyMap<string, Node>,
  { bundle, config, ecrLogin, time }: ClusterCredentials,
): MachineAccess {
  const node = (address: string): Node => nodeAt(nodes, address)
  return {
    node,
    probe: probeThrough(node, bundle, time),
    reachKubelet: kubeletsThrough(node, bundle, time),
    credentials: registryLogins(config.privateRegistries, ecrLogin),
    time,
  }
}
