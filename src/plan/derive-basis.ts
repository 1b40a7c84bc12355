import { desiredNodes } from '../desired/desired-cluster.ts'
import type { DesiredNode } from '../desired/desired-node.ts'
import { isProviderFile } from '../desired/encryption/provider-file.ts'
import { ordinaryLinux } from '../desired/node-facts.ts'
import { decideEncryption, type EncryptionDecision } from './encryption/decide-encryption.ts'
import { clustersToJoin } from './etcd/clusters-to-join.ts'
import { kubeNodesOf } from './kube/node-objects.ts'
import { appliedConfig, type ClusterView } from './model/cluster-view.ts'
import type { PlanBasis } from './model/plan-basis.ts'
import type { PlanScope } from './plan-scope.ts'
import { describeLeaving, type LeavingNode } from './rollout/leaving.ts'
import { rolloutSettings } from './rollout/rollout-settings.ts'
import { type RunStates, runStates } from './state/run-states.ts'

/** What follows from a view for the nodes that a run changes. Pure. */
export function deriveBasis(view: ClusterView, scope: PlanScope): PlanBasis {
  const { wanted, seen, options } = view
  const encryption = decideEncryption(view, scope)
  const states = runStates(view, scope, encryption)
  const leaving = scope.leaving.map((node) => describeLeaving(node, view))
  return {
    ...view,
    scope,
    encryption,
    states,
    leaving,
    nodes: nodesOf(view, { scope, encryption, states, leaving }),
    kubeNodes: kubeNodesOf(wanted.config, seen.kube),
    rollout: rolloutSettings(wanted.config, appliedConfig(view), options.drain ?? true),
  }
}

interface Decided {
  readonly scope: PlanScope
  readonly encryption: EncryptionDecision
  readonly states: RunStates
  readonly leaving: readonly LeavingNode[]
}

/** What nodes should hold when containers are changed. Those that are left out are named by the others all the same. */
function nodesOf(view: ClusterView, { scope, encryption, states, leaving }: Decided): readonly DesiredNode[] {
  const {
    wanted: { config, input, material },
    seen: { machines, etcd },
  } = view
  const joining = clustersToJoin({
    config,
    applied: states.begun.currentState.rkeConfig,
    etcd,
    machines,
    leaving,
  })
  const text = encryption.between === '' ? undefined : encryption.between
  const desired = desiredNodes(
    { ...input, encrypted: text !== undefined },
    { ...material, encryptionConfig: text },
  )
  return config.nodes
    .filter(({ address }) => !scope.skipped.includes(address))
    .map((node) => {
      const machine = machines.get(node.address)
      const whole = desired(node, machine?.facts ?? ordinaryLinux, joining.get(node.address))
      const isServed = machine?.containers.has('kube-apiserver') === true
      return isServed && (encryption.work?.before ?? []).length > 0 ? withoutEncryptionFile(whole) : whole
    })
}

/** The provider file that API servers get in the stages of a change of its own is not sent to them beforehand. */
function withoutEncryptionFile(desired: DesiredNode): DesiredNode {
  return { ...desired, files: desired.files.filter((file) => !isProviderFile(file)) }
}
