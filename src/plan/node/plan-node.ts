import type { ClusterConfig } from '../../config/cluster-config.ts'
import { planeOf } from '../../container-names.ts'
import type { DesiredNode } from '../../desired/desired-node.ts'
import { usesSelinuxType } from '../../desired/selinux.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { hasRole, type Role } from '../../role.ts'
import type { ContainerRemove } from '../action/containers.ts'
import type { Action } from '../action.ts'
import { appliedConfig } from '../model/cluster-view.ts'
import { ids } from '../model/ids.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import { planAccess } from './files/plan-access.ts'
import { planCaKeyRemoval } from './files/plan-ca-key.ts'
import { planFiles } from './files/plan-files.ts'
import { planForeignKeys } from './files/plan-foreign-keys.ts'
import { planRemovals } from './plan-containers.ts'
import { planEtcdLoss } from './plan-etcd-loss.ts'
import { planPulls } from './plan-pulls.ts'
import { planService } from './plan-services.ts'
import type { Restarts } from './restarts.ts'

/** The parts of the work on one node that other nodes may have to wait for. */
export interface NodePlan {
  /** Pulls, files and checks: touch nothing that runs. */
  readonly preparation: readonly Action[]
  readonly etcd: readonly Action[]
  readonly controlPlane: readonly Action[]
  readonly worker: readonly Action[]
  readonly cleaning: readonly Action[]
}

/** All actions on one node, each after what it needs on that node; nothing is sent or started before ports are checked. */
export function planNode(
  desired: DesiredNode,
  observed: ObservedNode | undefined,
  basis: PlanBasis,
  restarts: Restarts,
): NodePlan {
  const gates = [ids.ports]
  const uploads = planFiles(desired, observed, { forced: restarts.forced.has(desired.node.address), gates })
  const foreign = planForeignKeys(desired, observed, uploads, gates)
  const files = uploads.map((upload) => ({
    ...upload,
    after: [...upload.after, ...foreign.map(({ id }) => id)],
  }))
  const sent = new Set(files.flatMap((upload) => upload.files.map(({ path }) => path)))
  const { first, withEtcd } = planAccess(desired, observed, { sent, gates })
  const order = { basis, restarts, withEtcd }
  const containers = desired.containers.flatMap((spec) => planService(desired, spec, observed, order))
  const removals = planRemovals(desired, observed)
  const of = (plane: Role): readonly Action[] =>
    containers.filter(({ spec }) => planeOf(spec.name) === plane).flatMap(({ actions }) => actions)
  const lost = (plane: Role): readonly ContainerRemove[] =>
    removals.filter(({ name }) => planeOf(name) === plane)
  const keyRemoval = planCaKeyRemoval(desired, observed, basis)
  const etcdLoss = planEtcdLoss(desired, lost('etcd'), basis)
  const rest = removals.filter(({ name }) => !['etcd', 'controlplane'].includes(planeOf(name) ?? ''))
  const helped = [...files, ...first, ...removals, ...etcdLoss, ...keyRemoval]
  const usesHelpers = helped.length > 0
  const changesKeys = basis.encryption.work !== undefined && hasRole(desired.node, 'controlplane')
  return {
    preparation: [
      ...planPulls(desired, observed, containers.length > 0, usesHelpers || changesKeys),
      ...foreign,
      ...files,
      ...first,
      ...planSelinux(desired, observed, basis),
    ],
    etcd: of('etcd'),
    controlPlane: of('controlplane'),
    worker: [...lost('controlplane'), ...of('worker')],
    cleaning: [...etcdLoss, ...rest, ...keyRemoval],
  }
}

/** A new machine, and one whose containers had no SELinux type so far, must know the type. */
function planSelinux(
  desired: DesiredNode,
  observed: ObservedNode | undefined,
  basis: PlanBasis,
): readonly Action[] {
  const { address } = desired.node
  if (observed === undefined) return []
  const uses = (config: ClusterConfig | undefined): boolean =>
    config !== undefined && usesSelinuxType(config.kubernetesVersion, observed.facts)
  const isKnown = observed.containers.size > 0 && uses(appliedConfig(basis) ?? basis.wanted.config)
  if (isKnown || !uses(basis.wanted.config)) return []
  return [
    {
      kind: 'selinux.check',
      id: ids.selinux(address),
      node: address,
      image: desired.helperImage,
      because: [{ kind: 'selinux-labels' }],
      after: [ids.image(address, desired.helperImage)],
    },
  ]
}
