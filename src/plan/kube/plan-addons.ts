import { hasRole } from '../../role.ts'
import { Secret } from '../../secret.ts'
import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import { addonChange } from './addon-changes.ts'
import { addonJob } from './addon-job.ts'
import { controlPlaneDone } from './control-plane-health.ts'
import { losesWorkerRole } from './node-objects.ts'

export function planAddons(basis: PlanBasis, onNodes: readonly Action[]): readonly Action[] {
  // Jobs run on the first control plane node: its kubelet and its way to Services must be there.
  const first = basis.nodes.find(({ node }) => hasRole(node, 'controlplane'))?.node
  const host = first?.address ?? ''
  const before = [
    ids.authorization,
    // One that only loses a role may wait for others, which wait for addons.
    ...(first !== undefined && losesWorkerRole(basis, first) ? [] : [ids.labels(host)]),
    ids.health(host, 'kubelet'),
    ids.health(host, 'kube-proxy'),
    ...controlPlaneDone(onNodes),
  ]
  const job = addonJob(basis.wanted.config)
  return basis.wanted.addons.flatMap((step): readonly Action[] => {
    const { action, because, digest } = addonChange(basis, step)
    if (action === 'none') return []
    const { name, optional } = step
    const base = {
      id: ids.addon(name),
      addon: name,
      because,
      optional,
      job,
      after: [...before, ...step.after.map(ids.addon)],
    }
    if (step.kind !== 'deploy' || action === 'remove') return [{ kind: 'addon.remove', ...base }]
    const { manifest, keepsRest, deleteBefore, deleteAfter, settings } = step
    return [
      {
        kind: 'addon.apply',
        ...base,
        manifest: new Secret(manifest),
        keepsRest,
        deleteBefore,
        deleteAfter,
        settings,
        manifestHash: digest,
      },
    ]
  })
}
