import { isProviderFile } from '../desired/encryption/provider-file.ts'
import type { ObservedNode } from '../observe/observed-node.ts'
import { hasRole } from '../role.ts'
import type { Action } from './action.ts'
import { hasStaleMember } from './etcd/plan-members.ts'
import { planKube } from './kube/plan-kube.ts'
import { ids } from './model/ids.ts'
import { makePlan, type Plan } from './model/plan.ts'
import type { NodeWork } from './node/node-work.ts'
import { inspectContent } from './node/plan-files.ts'
import { planNode } from './node/plan-node.ts'
import type { ForcedDeployment, PlanInput } from './plan-input.ts'
import { planPorts } from './plan-ports.ts'
import { type Rollout, rollOut } from './rollout/plan-rollout.ts'

/**
 * Everything that makes the cluster what it should be; empty if it is.
 *
 * On a new cluster each container starts as soon as what it needs is there: a kubelet waits for its API
 * by itself. One that serves somebody is changed in an order that keeps it serving.
 */
export function planCluster(input: PlanInput): Plan {
  const ports = planPorts(input)
  const order = {
    config: input.config,
    fresh: input.fresh,
    forced: input.forced !== undefined,
    restarts: [...(input.forced?.restarts ?? []), ...lateRegistrations(input), ...otherKeys(input)],
    reconnects: input.forced?.reconnects ?? [],
    wereMembers: input.wereMembers,
    encryption: input.encryption !== undefined,
    gates: ports.map((action) => action.id),
    etcdHealth: input.nodes
      .filter(({ node }) => hasRole(node, 'etcd'))
      .map(({ node }) => ids.health(node.address, 'etcd')),
  }
  const work = input.nodes.map((desired): NodeWork => {
    const observed = input.observed.get(desired.node.address)
    const serves = !input.fresh && (observed?.containers.size ?? 0) > 0
    // Of a member that was taken out nothing can be used again: it joins as if it had never been one.
    const seen = observed !== undefined && hasStaleMember(desired, input) ? withoutEtcd(observed) : observed
    return { desired, plan: planNode(desired, seen, order), serves }
  })
  const { actions, windows } = input.fresh ? allAtOnce(work) : rollOut(work, input)
  const onNodes = [
    ...work.flatMap(({ plan }) => plan.preparation),
    ...actions,
    ...work.flatMap(({ plan }) => plan.cleaning),
  ]
  return makePlan([...ports, ...onNodes, ...planKube(input, onNodes)], windows)
}

/** A kubelet registers its node when it starts, and not again: one that is deleted meanwhile stays away. */
function lateRegistrations({ fresh, unregistered }: PlanInput): ForcedDeployment['restarts'] {
  if (fresh) return []
  return [...unregistered].map((node) => ({
    node,
    container: 'kubelet',
    because: { kind: 'not-registered' },
  }))
}

/** An API server reads its provider file when it starts: one whose file was another may still have other keys. */
function otherKeys({ fresh, nodes, observed }: PlanInput): ForcedDeployment['restarts'] {
  if (fresh) return []
  return nodes.flatMap((desired) => {
    const { address } = desired.node
    const seen = observed.get(address)
    if (seen?.files === undefined || !seen.containers.has('kube-apiserver')) return []
    return desired.files
      .filter(isProviderFile)
      .flatMap((file) => inspectContent(file, desired, seen.files))
      .map(({ state }) => ({
        node: address,
        container: 'kube-apiserver',
        because: { kind: 'encryption-file-was', state },
      }))
  })
}

function withoutEtcd(observed: ObservedNode): ObservedNode {
  const containers = new Map([...observed.containers].filter(([name]) => name !== 'etcd'))
  return { ...observed, containers }
}

function allAtOnce(work: readonly NodeWork[]): Rollout {
  const actions = work.flatMap(({ plan }): readonly Action[] => [
    ...plan.etcd,
    ...plan.controlPlane,
    ...plan.worker,
  ])
  return { actions, windows: {} }
}
