import { certificatesInUse } from '../../pki/distribution/deploy.ts'
import type { Action } from '../action.ts'
import type { Decision } from '../decide.ts'
import { deriveBasis } from '../derive-basis.ts'
import { planKube } from '../kube/plan-kube.ts'
import type { ClusterView } from '../model/cluster-view.ts'
import { inChain } from '../model/in-chain.ts'
import { makePlan } from '../model/plan.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import { serviceOf } from '../model/service-of.ts'
import { type NodePlan, planNode } from '../node/plan-node.ts'
import type { Restarts } from '../node/restarts.ts'
import { planScope } from '../plan-scope.ts'
import { shippedTo } from '../state/nodes-left-out.ts'

/**
 * Changes certificates where nobody can speak to anybody: of expired certificates, or of those of another authority, none is of use
 * until its peers have theirs. All nodes get their files; then all etcd members are restarted, and healthy, for none has a quorum
 * before; then all API servers, and then everything else, at once. Pure.
 */
export function planAtOnce(view: ClusterView): Decision {
  const basis = deriveBasis(view, planScope(view))
  const restarts = restartsOf(basis)
  const work = basis.nodes.map((desired) =>
    planNode(desired, view.seen.machines.get(desired.node.address), basis, restarts),
  )
  const all = (part: keyof NodePlan): readonly Action[] => work.flatMap((plan) => plan[part])
  const inTurn = inChain(
    [
      all('preparation'),
      ...untilHealthy(all('etcd')),
      ...untilHealthy(all('controlPlane').filter(isServer)),
      [...all('controlPlane').filter((action) => !isServer(action)), ...all('worker')],
    ],
    [],
  )
  const onNodes = [...inTurn, ...all('cleaning')]
  return { plan: makePlan([...onNodes, ...planKube(basis, onNodes)]), basis, postponed: [] }
}

/** Whoever reads a changed certificate is restarted, whether it would notice by itself or not: how long it takes to is not known. */
function restartsOf({ wanted, known }: PlanBasis): Restarts {
  const { nodes } = wanted.config
  const after = wanted.material.bundle
  const restarts = nodes.flatMap((node) =>
    certificatesInUse(node, { before: shippedTo(node.address, known.state), after }).map(
      ({ container, certificates }) => ({
        node: node.address,
        container,
        because: { kind: 'certificates-changed', names: certificates } as const,
      }),
    ),
  )
  const forced = new Set(nodes.map(({ address }) => address))
  return { forced, restarts, reconnects: [], atOnce: true }
}

/** All are restarted before one is waited for. */
function untilHealthy(actions: readonly Action[]): readonly (readonly Action[])[] {
  const isCheck = ({ kind }: Action): boolean => kind === 'service.health'
  return [actions.filter((action) => !isCheck(action)), actions.filter(isCheck)]
}

const isServer = (action: Action): boolean => serviceOf(action) === 'kube-apiserver'
