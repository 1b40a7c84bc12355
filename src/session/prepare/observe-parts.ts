import { deployJobName } from '../../addons/addon-names.ts'
import { authorizationObjects } from '../../addons/authorization.ts'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import { SERVICE_CONTAINERS } from '../../container-names.ts'
import type { Emit } from '../../engine/events.ts'
import { toRkeError } from '../../errors.ts'
import type { EtcdApi } from '../../etcd/etcd-api.ts'
import { inParallel } from '../../in-parallel.ts'
import type { KubeApi } from '../../kube/client/kube-api.ts'
import type { Node } from '../../node/node.ts'
import type { Clock } from '../../observe/observe-clock.ts'
import { type ObservedEtcd, observeEtcd } from '../../observe/observe-etcd.ts'
import { observeKube } from '../../observe/observe-kube.ts'
import { observeNode } from '../../observe/observe-node.ts'
import { observeRemoved, type RemovedUse } from '../../observe/observe-removed.ts'
import type { ObservedKube } from '../../observe/observed-kube.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { runs } from '../../plan/model/runs.ts'
import { systemClock } from '../../time.ts'

const PARALLEL = 50

/** Observes every connected node. One that fails ends the run: a plan over half a cluster is none. */
export async function observeNodes(
  nodes: ReadonlyMap<string, Node>,
  imagesOf: (address: string) => readonly string[],
  clock: Clock = systemClock,
): Promise<ReadonlyMap<string, ObservedNode>> {
  const observed = new Map<string, ObservedNode>()
  await inParallel([...nodes.values()], PARALLEL, async (node) => {
    observed.set(node.address, await observeOne(node, imagesOf(node.address), clock))
  })
  // In their order, whoever answered first.
  return new Map([...nodes.keys()].flatMap((address) => entryOf(observed, address)))
}

function entryOf<V>(map: ReadonlyMap<string, V>, key: string): readonly (readonly [string, V])[] {
  const value = map.get(key)
  return value === undefined ? [] : [[key, value]]
}

/** Observes one node, with its services and the images that may be needed there. */
export async function observeOne(
  node: Node,
  images: readonly string[],
  clock: Clock = systemClock,
): Promise<ObservedNode> {
  try {
    return await observeNode(node, { images, services: SERVICE_CONTAINERS, clock })
  } catch (thrown) {
    throw toRkeError(thrown, { host: node.address, step: 'observe the node' })
  }
}

/** What the members say that run, those of nodes that leave among them; `undefined` without any. */
export async function observeMembers(
  applied: ClusterConfig | undefined,
  config: ClusterConfig,
  observed: ReadonlyMap<string, ObservedNode>,
  at: (address: string) => EtcdApi,
  signal: AbortSignal,
): Promise<ObservedEtcd | undefined> {
  if (applied === undefined || (config.services.etcd.externalUrls ?? []).length > 0) return undefined
  const running = [...observed.values()].filter((node) => runs(node, 'etcd'))
  return observeEtcd(
    running.map(({ address }) => address),
    at,
    signal,
  )
}

/**
 * The observed state of Kubernetes, or `undefined` if no API server runs or answers; then it is observed once the run
 * has started it.
 */
export async function observeApi(
  config: ClusterConfig,
  observed: ReadonlyMap<string, ObservedNode>,
  open: () => Promise<KubeApi>,
  addonNames: readonly string[],
  emit: Emit,
  signal: AbortSignal,
): Promise<ObservedKube | undefined> {
  if (![...observed.values()].some((node) => runs(node, 'kube-apiserver'))) return undefined
  try {
    const kube = await open()
    const seen = await observeKube(
      kube,
      {
        objects: authorizationObjects(config),
        addons: addonNames.map((name) => ({ name, job: deployJobName(name) })),
      },
      signal,
    )
    return {
      ...seen,
      removed: await observeUpgrade(kube, seen.version, config.kubernetesVersion, emit, signal),
    }
  } catch (thrown) {
    signal.throwIfAborted()
    const { message } = toRkeError(thrown)
    emit({
      type: 'notice',
      level: 'warning',
      area: 'k8s',
      text: `The Kubernetes API cannot be asked: ${message}`,
    })
    return undefined
  }
}

/** Only a warning is made of these objects: where one of the lists fails, everything else is planned as if there were none. */
async function observeUpgrade(
  kube: KubeApi,
  running: string,
  wanted: string,
  emit: Emit,
  signal: AbortSignal,
): Promise<readonly RemovedUse[]> {
  try {
    return await observeRemoved(kube, running, wanted, signal)
  } catch (thrown) {
    signal.throwIfAborted()
    const text = `objects that ${wanted} does not serve any more cannot be listed: ${toRkeError(thrown).message}`
    emit({ type: 'notice', level: 'warning', area: 'upgrade', text })
    return []
  }
}
