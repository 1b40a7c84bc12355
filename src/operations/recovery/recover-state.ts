import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { Emit } from '../../engine/events.ts'
import type { Run } from '../../engine/run.ts'
import { StateError, toRkeError } from '../../errors.ts'
import { connectFirst } from '../../kube/client/connect.ts'
import { waitForReady } from '../../kube/client/waiting/bootstrap.ts'
import { sameJson } from '../../kube/objects/same-json.ts'
import { readStateSecret } from '../../kube/tasks/state-secret.ts'
import type { Node } from '../../node/node.ts'
import { SNAPSHOT_FOLDER } from '../../node-paths.ts'
import { hasRole, nodesWithRole, type Role } from '../../role.ts'
import { Secret } from '../../secret.ts'
import { asNotices } from '../../session/as-notices.ts'
import {
  type NodeSecrets,
  readBackupSecrets,
  readNodeSecrets,
  type SecretsOptions,
} from '../../session/certificates/node-secrets.ts'
import { closing } from '../../session/closing.ts'
import { apiEndpoint } from '../../session/connect/api-endpoint.ts'
import { accessParts, connectNodes, reachOf } from '../../session/connect/connect-nodes.ts'
import type { Deps, RunOptions } from '../../session/deps.ts'
import { endOf } from '../../session/end-of-run.ts'
import { startRedactedRun } from '../../session/run/redacted-run.ts'
import { exclusively } from '../../session/state/exclusively.ts'
import { copyDigest } from '../../session/state/state-session.ts'
import { refuseUnfinished } from '../../session/state/unfinished.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import { parseState, serialiseCopy } from '../../state/state-json.ts'
import type { Time } from '../../time.ts'
import { systemClock } from '../../time.ts'
import { stateFromSecrets } from './recover-certificates.ts'

export interface RecoverResult {
  /** Where the state was found. */
  readonly from: string
  /** Where the store keeps what it held before, if it held something else. */
  readonly setAside: string | undefined
  /** The store held this very state. */
  readonly unchanged: boolean
}

interface Found {
  readonly state: ClusterState
  readonly from: string
}

/**
 * Gets a lost or damaged state back and saves it in the store: from the copy that the cluster keeps (the Secret, or
 * the ConfigMap of old releases), else from the certificates on the nodes, else from their backup on etcd nodes. The
 * cluster is asked with the identity that every node has, so that neither state nor kubeconfig is needed. What the
 * store held is set aside, not lost. Nothing of the cluster is changed.
 */
export function recoverState(given: ClusterConfig, deps: Deps, options: RunOptions = {}): Run<RecoverResult> {
  return startRedactedRun(deps, options, async ({ emit, fill }) => {
    const config = await fill(given, accessParts)
    return exclusively(deps.store, 'rke util get-state-file', options.signal, async () => {
      await refuseMeanwhile(deps)
      const signal = endOf(options)
      const holders = config.nodes.filter((node) => hasRole(node, 'controlplane') || hasRole(node, 'etcd'))
      const connected = await connectNodes(
        config,
        holders,
        deps.transports,
        emit,
        reachOf(options, deps, true),
      )
      const { from, state } = await closing(connected, ({ nodes, skipped }) =>
        search(
          given,
          nodes,
          skipped.map(({ host, message }) => `${host}: ${message}`),
          { emit, signal, time: deps.time },
        ),
      )
      signal.throwIfAborted()
      return { from, ...(await keep(state, deps)) }
    })
  })
}

/** The copy in the cluster does not say that a restore or a recovery is not done, and which state leads back. */
async function refuseMeanwhile({ store }: Pick<Deps, 'store'>): Promise<void> {
  const stored = await store.load().catch((thrown: unknown) => {
    if (thrown instanceof StateError) return undefined
    throw thrown
  })
  if (stored !== undefined) refuseUnfinished(stored.state)
}

interface Searching {
  readonly emit: Emit
  readonly signal: AbortSignal
  readonly time: Time | undefined
}

/** Tries all sources in turn, the best first; reports what failed if none has an answer. */
async function search(
  config: ClusterConfig,
  nodes: ReadonlyMap<string, Node>,
  failures: readonly string[],
  searching: Searching,
): Promise<Found> {
  const { emit, signal } = searching
  const options = { image: config.systemImages.alpine, prefixPath: config.prefixPath }
  const reasons = [...failures]
  const attempt = async <T>(where: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work()
    } catch (thrown) {
      signal.throwIfAborted()
      reasons.push(`${where}: ${toRkeError(thrown).message}`)
      return undefined
    }
  }
  const withRole = (role: Role): readonly Node[] =>
    nodesWithRole(config.nodes, role).flatMap(({ address }) => nodes.get(address) ?? [])
  for (const node of withRole('controlplane')) {
    const found = await attempt(node.address, () => copyThrough(node, options, searching))
    if (found !== undefined) return found
  }
  const text = 'The cluster gives no copy of its state: looking for its certificates on the nodes'
  emit({ type: 'notice', level: 'warning', area: 'state', text })
  for (const [what, among, read] of [
    ['certificates on nodes', [...nodes.values()], readNodeSecrets],
    ['backup of certificates', withRole('etcd'), readBackupSecrets],
  ] as const) {
    const all: (readonly [string, Secret<string>])[] = []
    for (const node of among) {
      const material: NodeSecrets | undefined = await attempt(node.address, () => read(node, options))
      all.push(...(material ?? []))
    }
    // Of a file that several nodes have, the first node's counts.
    const state = await attempt(what, async () => stateFromSecrets(config, new Map(all.reverse())))
    if (state === undefined) continue
    const guess =
      'What was applied last is not known: cluster.yml is used instead. Check "rke plan" before "rke up"'
    emit({ type: 'notice', level: 'warning', area: 'state', text: guess })
    return { state, from: `${what} ${among.map(({ address }) => address).join(', ')}` }
  }
  throw new StateError(`no node gave the state or the keys of the cluster: ${reasons.join('; ')}`, {
    step: 'get the state back',
    untouched: true,
    hint: `the archives of etcd snapshots in ${SNAPSHOT_FOLDER} of the etcd nodes hold the state, too`,
  })
}

/** The cluster's own copy, asked for through one control plane node. */
async function copyThrough(
  node: Node,
  options: SecretsOptions,
  { emit, signal, time }: Searching,
): Promise<Found> {
  const files = await readNodeSecrets(node, options)
  const read = (name: string): string => files?.get(name)?.reveal() ?? ''
  const [ca, cert, key] = [read('kube-ca.pem'), read('kube-node.pem'), read('kube-node-key.pem')]
  if (ca === '' || cert === '' || key === '')
    throw new StateError('the node has no certificates of a cluster')
  const identity = { ca, cert, key: new Secret(key) }
  const api = await connectFirst([apiEndpoint(node, time)], identity, signal)
  return closing(api, async () => {
    await waitForReady(api, { signal, time, onProgress: asNotices(emit) })
    const stored = await readStateSecret(api, signal)
    if (stored === undefined) throw new StateError('the cluster has no copy of its state')
    const where = `${stored.from} kube-system/full-cluster-state`
    return {
      state: { ...parseState(stored.text.reveal(), where), copiesInCluster: [copyDigest(stored.text)] },
      from: `${where}, through ${node.address}`,
    }
  })
}

/** Saves a state; another one that is there, damaged or not, is set aside. */
async function keep(
  state: ClusterState,
  { store, clock = systemClock }: Deps,
): Promise<Pick<RecoverResult, 'setAside' | 'unchanged'>> {
  const stored = await store.load().catch((thrown: unknown) => {
    if (thrown instanceof StateError) return 'damaged' as const
    throw thrown
  })
  const isSame = typeof stored === 'object' && sameJson(serialiseCopy(stored.state), serialiseCopy(state))
  if (isSame) return { setAside: undefined, unchanged: true }
  const setAside = stored === undefined ? undefined : await store.setAside(clock())
  await store.save(state, undefined)
  return { setAside, unchanged: false }
}
