import { hasRole } from '../../role.ts'
import { Secret } from '../../secret.ts'
import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import type { PlanInput } from '../plan-input.ts'
import { addonJob } from './addon-job.ts'
import { controlPlaneDone } from './control-plane-health.ts'

export function planAddons(input: PlanInput, onNodes: readonly Action[]): readonly Action[] {
  // Jobs run on the first control plane node: its kubelet and its way to Services must be there.
  const host = input.nodes.find(({ node }) => hasRole(node, 'controlplane'))?.node.address ?? ''
  const before = [
    ids.authorization,
    // One that only loses a role may wait for others, which wait for addons.
    ...(input.losing.has(host) ? [] : [ids.labels(host)]),
    ids.health(host, 'kubelet'),
    ids.health(host, 'kube-proxy'),
    ...controlPlaneDone(onNodes),
  ]
  const job = addonJob(input.config)
  return input.addons.flatMap((addon): readonly Action[] => {
    if (addon.action === 'none') return []
    const { step, because } = addon
    const { name, optional } = step
    const base = {
      id: ids.addon(name),
      addon: name,
      because,
      optional,
      job,
      after: [...before, ...step.after.map(ids.addon)],
    }
    if (step.kind !== 'deploy' || addon.action === 'remove') return [{ kind: 'addon.remove', ...base }]
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
        manifestHash: addon.digest,
      },
    ]
  })
}
