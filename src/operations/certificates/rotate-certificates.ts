import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { Run } from '../../engine/run.ts'
import { type Rotation, rotate } from '../../session/certificates/rotate.ts'
import type { Deps, RunOptions } from '../../session/deps.ts'
import { type PlanFirst, startPlannedRun } from '../../session/run/planned-run.ts'

export interface RotateOptions extends RunOptions, PlanFirst<Rotation> {
  /** Services whose certificates are renewed, as RKE names them; none: of all. */
  readonly services?: readonly string[]
}

/**
 * Renews certificates and their keys, all but the authorities and the key of ServiceAccounts' tokens, on the cluster as it was applied
 * last: of cluster.yml only the ways to the machines count. What reads a changed file only when it starts is restarted, one
 * component on one node at a time. Safe to run again after any failure: what was issued is not issued again.
 *
 * Where certificates have ended and the cluster is down, or an authority has ended, everything is restarted at once, which is
 * the only case where `confirm` is asked.
 */
export function rotateCertificates(
  given: ClusterConfig,
  deps: Deps,
  options: RotateOptions = {},
): Run<Rotation> {
  const { services = [], ...first } = options
  return startPlannedRun('rke cert rotate', deps, options, (operation) =>
    rotate(given, { services }, first, operation),
  )
}
