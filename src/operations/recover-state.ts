import type { ClusterConfig } from '../config/cluster-config.ts'
import { hasRole } from '../desired/service-context.ts'
import { SERVICE_CONTAINERS } from '../desired/service-names.ts'
import type { Run } from '../engine/run.ts'
import { StateError, toRkeError } from '../errors.ts'
import { connectFirst } from '../kube/connect.ts'
import { readStateSecret } from '../kube/state-secret.ts'
import type { Node } from '../node/node.ts'
import { readFiles } from '../node/read-files.ts'
import { observeNode } from '../observe/observe-node.ts'
import { Secret } from '../secret.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import { parseState } from '../state/state-json.ts'
import { accessParts, connectNodes } from './connect-nodes.ts'
import type { Deps, RunOptions } from './deps.ts'
import { startDiscreetRun } from './discreet-run.ts'
import { closing, exclusively } from './exclusively.ts'

export interface RecoverResult {
  /** Where the state was found. */
  readonly from: string
}

const SSL = '/etc/kubernetes/ssl'

/**
 * Gets a lost state back from the copy that the cluster keeps, and saves it in the store. The cluster is asked
 * with the identity that every node has, so that neither state nor kubeconfig is needed.
 */
export function recoverState(given: ClusterConfig, deps: Deps, options: RunOptions = {}): Run<RecoverResult> {
  return startDiscreetRun(deps, async ({ emit, fill }) => {
    const config = await fill(given, accessParts)
    return exclusively(deps.store, 'rke util get-state-file', options.signal, async () => {
      const signal = AbortSignal.any([options.signal, options.abort].filter((one) => one !== undefined))
      const masters = config.nodes.filter((node) => hasRole(node, 'controlplane'))
      const connected = await connectNodes(config, masters, deps.transports, emit, { signal, maySkip: true })
      return closing(connected, async ({ nodes }) => {
        const failures: string[] = []
        for (const node of nodes.values()) {
          try {
            const state = await stateThrough(node, signal)
            const stored = await deps.store.load().catch(() => undefined)
            await deps.store.save(state, stored?.revision)
            return { from: `Secret kube-system/full-cluster-state, through ${node.address}` }
          } catch (thrown) {
            signal.throwIfAborted()
            failures.push(`${node.address}: ${toRkeError(thrown).message}`)
          }
        }
        throw new StateError(
          `no control plane node gave the cluster's copy of the state: ${failures.join('; ')}`,
          {
            step: 'get the state back',
            hint: 'the archives of etcd snapshots in /opt/rke/etcd-snapshots of the etcd nodes hold the state, too',
          },
        )
      })
    })
  })
}

async function stateThrough(node: Node, signal: AbortSignal): Promise<ClusterState> {
  const identity = await nodeIdentity(node)
  const api = await connectFirst([{ dialer: node, host: '127.0.0.1', port: 6443 }], identity, signal)
  return closing(api, async () => {
    const stored = await readStateSecret(api, signal)
    if (stored === undefined) throw new StateError('the cluster has no copy of its state')
    return parseState(stored.text.reveal(), `${stored.from} kube-system/full-cluster-state`)
  })
}

/** The certificate that all kubelets share, from the node's own files. */
async function nodeIdentity(node: Node) {
  const { containers } = await observeNode(node, { images: [], services: SERVICE_CONTAINERS })
  const window = containers.get('kube-proxy') ?? containers.get('kube-apiserver')
  if (window === undefined) throw new StateError('no cluster runs on this node')
  const through = { container: window.Id, path: SSL }
  const files = await readFiles(node, SSL, { image: '', through })
  const read = (name: string): string => files.get(`${SSL}/${name}`)?.content.reveal().toString('utf8') ?? ''
  return { ca: read('kube-ca.pem'), cert: read('kube-node.pem'), key: new Secret(read('kube-node-key.pem')) }
}
