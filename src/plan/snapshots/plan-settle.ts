import type { ClusterNode } from '../../config/cluster-config.ts'
import { storedResources } from '../../desired/encryption/stored-resources.ts'
import { nodeNameOf } from '../../kube/objects/node-name.ts'
import { nodesWithRole } from '../../role.ts'
import type { Action } from '../action.ts'
import { becomeReady } from '../kube/plan-readiness.ts'
import { ids } from '../model/ids.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import type { Reason } from '../model/reason.ts'
import { type Leftovers, planEnd } from './plan-end.ts'

const RESTORED: readonly Reason[] = [{ kind: 'snapshot-restored' }]
const WORKS: readonly Reason[] = [{ kind: 'cluster-works-again' }]

/** The Leases by which one of several runs, and that of runs of this program. Those of the snapshot hold them. */
const LEASES = ['kube-controller-manager', 'kube-scheduler', 'rke-run']

/** What a restored API is cleared of as soon as it answers, so that nothing waits for what is not there any more. */
export function planTidyApi(basis: PlanBasis): readonly Action[] {
  const { config } = basis.wanted
  return [
    planLeases(basis),
    {
      kind: 'nodes.prune',
      id: ids.prune,
      keep: config.nodes.map((node) => nodeNameOf(node, config)),
      because: [{ kind: 'not-in-cluster-yml' }],
      after: serversUp(basis),
    },
  ]
}

/** Whoever held a Lease does not run any more. */
export function planLeases(basis: PlanBasis): Action {
  return {
    kind: 'leases.release',
    id: ids.leases,
    names: LEASES,
    because: [{ kind: 'held-by-former-cluster' }],
    after: serversUp(basis),
  }
}

function serversUp({ nodes }: PlanBasis): readonly string[] {
  const all = nodes.map(({ node }) => node)
  return nodesWithRole(all, 'controlplane').map(({ address }) => ids.health(address, 'kube-apiserver'))
}

/**
 * Waits for the add-ons, where nodes become Ready at all, and there are workers, which their pods want. One that does not become
 * Ready may not have been so before: it is reported, and the cluster is the restored one all the same.
 */
export function planSystemPods(
  { nodes, wanted: { config } }: PlanBasis,
  because: readonly Reason[],
): readonly Action[] {
  const all = nodes.map(({ node }) => node)
  if (!becomeReady(config) || nodesWithRole(all, 'worker').length === 0) return []
  return [
    {
      kind: 'system-pods.ready',
      id: ids.systemPods,
      nodes: all.map((node) => ({ address: node.address, ...nodeNameOf(node, config) })),
      because,
      after: [],
      interruptible: true,
      optional: true,
    },
  ]
}

/** What has to be so before a restored cluster counts as one, and then what leads back is deleted. */
export function planSettle(basis: PlanBasis, left: Leftovers): readonly Action[] {
  const {
    wanted: { material },
  } = basis
  const nodes = basis.nodes.map(({ node }) => node)
  const checks: readonly Action[] = [
    ...(material.encryptionConfig === undefined ? [] : [rewriteAll(material.encryptionConfig)]),
    ...nodes.map((node) => uncordon(node, basis)),
    ...planSystemPods(basis, RESTORED),
    { kind: 'tokens.check', id: ids.tokens, because: RESTORED, after: [] },
  ]
  const finish: Action = {
    kind: 'restore.finish',
    id: ids.mark('finish'),
    because: WORKS,
    after: checks.map(({ id }) => id),
  }
  return [...checks, finish, ...planEnd(left, [finish.id])]
}

function rewriteAll(text: string): Action {
  const resources = storedResources('', text)
  return { kind: 'encryption.rewrite', id: ids.secrets, resources, because: RESTORED, after: [] }
}

function uncordon(node: ClusterNode, { wanted: { config } }: PlanBasis): Action {
  return {
    kind: 'node.uncordon',
    id: ids.uncordon(node.address),
    node: node.address,
    ...nodeNameOf(node, config),
    because: [{ kind: 'may-be-cordoned' }],
    after: [],
  }
}
