import type { ActionContext } from '../../actions/action-handler.ts'
import { openCatalog } from '../../catalog/open-catalog.ts'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { Emit } from '../../engine/events.ts'
import type { EtcdApi } from '../../etcd/etcd-api.ts'
import type { KubeApi } from '../../kube/client/kube-api.ts'
import type { Node } from '../../node/node.ts'
import type { CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import { warn, warnDeferred, warnLargeState } from '../../plan/checks/warnings.ts'
import { checkNodes } from '../../plan/decide.ts'
import type { Plan } from '../../plan/model/plan.ts'
import type { Secret } from '../../secret.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import { bootstrapped } from '../connect/bootstrapped.ts'
import { type Connected, connectNodes, nodeAt } from '../connect/connect-nodes.ts'
import { etcdAccess } from '../connect/etcd-access.ts'
import { probeThrough } from '../connect/probe.ts'
import type { Deps, RunOptions } from '../deps.ts'
import { lazily } from '../lazily.ts'
import { endOf } from '../run/end-of-run.ts'
import type { Fill } from '../run/redacted-run.ts'
import type { StateSession } from '../state/state-session.ts'
import { decideWithServers } from './decide-with-servers.ts'
import { observeApi, observeMembers, observeNodes, observeOne, openKube } from './observe-cluster.ts'
import { prepareOffline } from './preparation.ts'

/** A plan with everything that running it needs. Close it when it is no longer needed. */
export interface Prepared {
  /** With all secrets filled in. */
  readonly config: ClusterConfig
  readonly plan: Plan
  readonly session: StateSession
  readonly nodes: ReadonlyMap<string, Node>
  readonly kube: () => Promise<KubeApi>
  readonly etcd: (address: string) => EtcdApi
  readonly kubeFor: ActionContext['kubeFor']
  /** The API answered when the cluster was looked at. */
  readonly hasApi: boolean
  readonly bundle: CertificatesBundle
  /** What of the user's own manifests cannot be applied, and why. */
  readonly leftOut: readonly string[]
  /** Addresses of nodes that could not be reached and are left out. */
  readonly skipped: readonly string[]
  /** Addresses of nodes that leave only when new workers, which are left out, can be reached. */
  readonly held: readonly string[]
  /** Both halves of the state as they are once the plan is done. */
  readonly wanted: ClusterState
  /** The state as it is from the moment the run begins. */
  readonly begun: ClusterState
  /** Addresses of nodes that must wait for the next run, because etcd does not answer. */
  readonly postponed: readonly string[]
  /** The copy of the state that the cluster had when it was looked at. */
  readonly copy: Secret<string> | undefined
  /** Why the encryption of Secrets must wait for the next run. */
  readonly encryptionWaits: string | undefined
  close(): Promise<void>
}

/**
 * Everything up to the plan: gets secrets, loads the state, makes missing certificates (in memory), connects, observes and
 * compares. Nothing is written anywhere, here or on a node. The state that is wanted holds the configuration as it was given;
 * everything else is made with the secrets that it refers to.
 */
export async function prepare(
  given: ClusterConfig,
  deps: Deps,
  options: RunOptions,
  emit: Emit,
  fill: Fill,
): Promise<Prepared> {
  const signal = endOf(options)
  const clock = deps.clock ?? (() => new Date())
  const catalog = deps.catalog ?? (await openCatalog())
  const ground = prepareOffline(given, catalog, deps, options, { emit, fill })
  const config = await ground.config
  const session = await ground.session
  await ground.changes
  const applied = session.state.currentState.rkeConfig
  const user = await ground.user
  const steps = await ground.steps
  const leaving = await ground.leaving
  const issuing = ground.material
  // What is wrong with the user's own certificates is told before anybody is connected.
  if (options.certificates !== undefined) await issuing
  const connecting = Promise.all([
    connectNodes(config, config.nodes, deps.transports, emit, {
      signal,
      maySkip: options.skipUnreachable ?? false,
    }),
    connectNodes(config, leaving, deps.transports, emit, { signal, maySkip: true }),
  ]).then(allConnected)
  const connected = await connectedUnless(issuing, connecting)
  const made = await issuing
  const { bundle, encryptionConfig } = made
  const api = lazily(() => openKube(config, connected.nodes, bundle, signal))
  const etcd = etcdAccess([...config.nodes, ...leaving], connected.nodes, bundle)
  const close = async (): Promise<void> => {
    await api.opened()?.then(
      (opened) => opened.close(),
      () => {},
    )
    await etcd.close()
    await connected.close()
  }
  try {
    const input = await ground.input
    const images = await ground.images
    const skipped = connected.skipped.flatMap(({ host }) => host ?? [])
    const nodeOf = (address: string): Node => nodeAt(connected.nodes, address)
    const imagesOf = (address: string): readonly string[] => images.get(address) ?? []
    const observed = await observeNodes(connected.nodes, imagesOf)
    const seen = { config, catalog, state: session.state, hasState: session.exists, observed, skipped }
    checkNodes(seen, options, emit)
    const addonNames = steps.map((step) => step.name)
    const kube = await observeApi(config, observed, api.get, addonNames, emit, signal)
    const observedEtcd = await observeMembers(applied, config, observed, etcd.at, signal)
    const lost = leaving.filter(({ address }) => !observed.has(address))
    const about = { config, applied, catalog, addons: steps, bundle, kube, encryptionConfig, lost }
    warn({ ...about, unread: user.included.leftOut, now: clock() }, emit)
    const { plan, wanted, begun, postponed, held, encryptionWaits, compared } = await decideWithServers(
      { ...seen, given, input, material: made, addons: steps, leaving, kube, etcd: observedEtcd },
      options,
      {
        probe: probeThrough(nodeOf, bundle),
        node: nodeOf,
        look: (address) => observeOne(nodeOf(address), imagesOf(address)),
        signal,
        time: deps.time,
      },
    )
    warnDeferred(compared, emit)
    if (!compared.stateCopyFits) warnLargeState(kube, emit)
    if (encryptionWaits !== undefined) {
      const text = `secrets_encryption_config waits for another run: ${encryptionWaits}`
      emit({ type: 'notice', level: 'warning', area: 'encryption', text })
    }
    if (held.length > 0) {
      const text = `${held.join(', ')} stays until new workers can be reached: nobody else may have room for its pods`
      emit({ type: 'notice', level: 'warning', area: 'hosts', text })
    }
    return {
      config,
      plan,
      session,
      nodes: connected.nodes,
      kube: api.get,
      kubeFor: bootstrapped(api.get, kube, deps.time),
      etcd: etcd.at,
      hasApi: kube !== undefined,
      bundle,
      skipped,
      held,
      leftOut: [...user.inline.leftOut, ...user.included.leftOut],
      wanted,
      begun,
      postponed,
      copy: kube?.stateCopy,
      encryptionWaits,
      close,
    }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

/** Nodes that stay and nodes that leave, as one set of connections. Of those that leave none is missed. */
function allConnected([staying, leaving]: readonly [Connected, Connected]): Connected {
  return {
    nodes: new Map([...staying.nodes, ...leaving.nodes]),
    skipped: staying.skipped,
    close: async () => {
      await Promise.all([staying.close(), leaving.close()])
    },
  }
}

/** Connections that are not left open if the certificates fail meanwhile: their error is the one reported, whatever machines answer. */
async function connectedUnless(other: Promise<unknown>, connecting: Promise<Connected>): Promise<Connected> {
  const [connected, result] = await Promise.allSettled([connecting, other])
  if (result.status === 'fulfilled') {
    if (connected.status === 'rejected') throw connected.reason
    return connected.value
  }
  if (connected.status === 'fulfilled') await connected.value.close()
  throw result.reason
}
