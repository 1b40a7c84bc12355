import { addonDecision } from '../../addons/addon-decision.ts'
import { manifestHash } from '../../addons/compare/compare.ts'
import { overStored } from '../../addons/compare/over-stored.ts'
import type { AddonStep } from '../../addons/desired-addons.ts'
import { MANIFEST_HASH_ANNOTATION } from '../../addons/jobs.ts'
import { type ClusterView, isNewCluster } from '../model/cluster-view.ts'
import type { Reason } from '../model/reason.ts'
import { reasonWithoutApi } from './reason-without-api.ts'

/** What is done about an addon. */
export interface AddonChange {
  readonly action: 'none' | 'apply' | 'remove'
  /** Hash of the wanted manifest; empty for an addon that is switched off. */
  readonly digest: string
  readonly because: readonly Reason[]
}

/** What is done about an addon so that the cluster has it as it should be. */
export function addonChange(view: ClusterView, step: AddonStep): AddonChange {
  if (step.kind === 'leave') return { action: 'none', digest: '', because: [] }
  const installed = view.seen.kube?.addons.get(step.name)
  const wanted = step.kind === 'deploy' ? overStored(installed?.stored, step) : undefined
  const desired = wanted?.manifest
  const digest = desired === undefined ? '' : manifestHash(desired)
  if (installed === undefined) {
    const because = desired === undefined ? [] : [reasonWithoutApi(isNewCluster(view))]
    return { digest, action: desired === undefined ? 'none' : 'apply', because }
  }
  const { stored, job, jobAnnotations } = installed
  const jobHash = jobAnnotations[MANIFEST_HASH_ANNOTATION]
  const differences = step.kind === 'deploy' ? [...step.differences, ...(wanted?.differences ?? [])] : []
  const { action, because } = addonDecision({ stored, job, jobHash }, desired, { digest, differences })
  return { digest, because, action: action === 'delete' ? 'remove' : action }
}
