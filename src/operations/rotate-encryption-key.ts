import type { ClusterConfig } from '../config/cluster-config.ts'
import type { StoredValues } from '../encryption-mark.ts'
import type { Run } from '../engine/run.ts'
import { closing } from '../session/closing.ts'
import type { Deps, RunOptions } from '../session/deps.ts'
import { connectPrepared } from '../session/prepare/connect-prepared.ts'
import { decidePlan } from '../session/prepare/decide-plan.ts'
import { observeCluster } from '../session/prepare/observe-cluster.ts'
import { prepareKeyRotation } from '../session/prepare/prepare-key-rotation.ts'
import { applyDecision } from '../session/run/apply-decision.ts'
import { isToBeDone, type PlanFirst, shownSteps, startPlannedRun } from '../session/run/planned-run.ts'
import type { Planned } from './results.ts'

export interface RotateEncryptionKeyResult extends Planned {
  /**
   * How the values of each resource are stored in etcd now, as it was read there; empty where etcd is not one of the cluster, and
   * after a dry run.
   */
  readonly stored: readonly StoredValues[]
}

export interface RotateEncryptionKeyOptions extends RunOptions, PlanFirst<RotateEncryptionKeyResult> {}

/**
 * Encrypts Secrets with a new key in the place of the one that was made before (`rke encrypt rotate-key`), while the cluster serves:
 * all API servers learn to read with it, then write with it, every object is written anew and seen in etcd to be stored with it, and
 * then the old key goes. Works on the configuration that was applied last; nothing else of cluster.yml is done. Safe to run again after
 * any failure: what was begun is gone on with, with the same new key, by this and by `up`.
 */
export function rotateEncryptionKey(
  config: ClusterConfig,
  deps: Deps,
  options: RotateEncryptionKeyOptions = {},
): Run<RotateEncryptionKeyResult> {
  return startPlannedRun('rke encrypt rotate-key', deps, options, async (operation) => {
    const { offline, given } = await prepareKeyRotation(config, operation)
    return closing(await connectPrepared(offline, operation), async (access) => {
      const view = await observeCluster(given, offline, access, operation)
      const decision = await decidePlan(view, offline, access, operation)
      const { plan } = decision
      const planned = { plan, steps: shownSteps(plan, operation), leftOut: [], stored: [] }
      if (!(await isToBeDone(planned, options, operation, 'the key was not exchanged'))) return planned
      const stored: StoredValues[] = []
      const noteStored = (values: StoredValues): number => stored.push(values)
      await applyDecision(decision, await offline.session, access, operation, { noteStored })
      return { ...planned, stored }
    })
  })
}
