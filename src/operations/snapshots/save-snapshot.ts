import type { ClusterConfig } from '../../config/cluster-config.ts'
import { readingHelpers } from '../../container-names.ts'
import type { Run } from '../../engine/run.ts'
import { ConnectionError, type RkeError, RunFailedError } from '../../errors.ts'
import { becauseOfExpired } from '../../plan/checks/expired-certificates.ts'
import { planSave, type SavePlan } from '../../plan/snapshots/plan-save.ts'
import { nodesWithRole } from '../../role.ts'
import { closing } from '../../session/closing.ts'
import { type Connected, connectNodes, reachOf } from '../../session/connect/connect-nodes.ts'
import { etcdAccess } from '../../session/connect/etcd-access.ts'
import { machineAccess } from '../../session/connect/machine-access.ts'
import type { Deps } from '../../session/deps.ts'
import { endOf } from '../../session/end-of-run.ts'
import { shownSteps, startPlannedRun } from '../../session/run/planned-run.ts'
import type { Operation } from '../../session/run/redacted-run.ts'
import { systemClock } from '../../time.ts'
import { mustBeInBucket, mustBeNewInBucket } from './bucket-of-save.ts'
import { observeMembersToSave } from './observe-members.ts'
import { type PreparedSave, prepareSave } from './prepare-save.ts'
import { runSave } from './run-save.ts'
import type { SaveOptions, SaveResult } from './save-results.ts'

/**
 * Saves etcd on all etcd nodes at once, into archives that hold the state, and copies them to the bucket if there is one; then reads
 * each archive. It succeeds as soon as one node has a good one and, with a bucket, one of them is copied: everything else is a
 * warning, as in RKE. Holds the lock of the local state, and takes no lease: nothing in the cluster is changed, and one whose
 * API is down can be saved as well.
 */
export function saveSnapshot(given: ClusterConfig, deps: Deps, options: SaveOptions = {}): Run<SaveResult> {
  return startPlannedRun('rke etcd snapshot-save', deps, options, async (operation) => {
    const prepared = await prepareSave(given, operation, options)
    const members = nodesWithRole(prepared.config.nodes, 'etcd')
    const reach = reachOf(options, deps, options.skipUnreachable ?? false)
    const connected = await connectNodes(prepared.config, members, deps.transports, operation.emit, reach)
    if (connected.nodes.size === 0) throw nobodyReached(connected.skipped)
    return closing(connected, () => save(prepared, connected, operation, options)).catch(
      (thrown: unknown) => {
        throw becauseOfExpired(thrown, prepared.state, (deps.clock ?? systemClock)())
      },
    )
  })
}

async function save(
  prepared: PreparedSave,
  connected: Connected,
  operation: Operation,
  saveOptions: SaveOptions,
): Promise<SaveResult> {
  const { deps, emit } = operation
  const { config, name, state } = prepared
  const { nodes } = connected
  const { plan, leftOut } = await planFor(prepared, connected, operation, saveOptions)
  await mustBeNewInBucket({ config, name, nodes }, operation)
  for (const { node, why } of leftOut) {
    emit({ type: 'notice', level: 'warning', area: 'etcd', text: `host [${node}] is left out: ${why}`, node })
  }
  const steps = shownSteps(plan, operation)
  if (saveOptions.dryRun) return { name, saved: [], missing: leftOut, plan, steps }
  const bundle = state.desiredState.certificatesBundle ?? {}
  const access = machineAccess(nodes, { bundle, config, ecrLogin: deps.ecrLogin, time: deps.time })
  const { saved, failed, copy } = await runSave(plan, { access, config, name }, operation)
  await mustBeInBucket({ config, name, nodes }, saved, operation)
  const skipped = connected.skipped.flatMap(({ host }) => host ?? [])
  if (skipped.length > 0) throw savedWithout(skipped, name)
  return { name, saved, missing: [...leftOut, ...failed], ...(copy && { copy }), plan, steps }
}

async function planFor(
  { backupImage, config, name, state, text }: PreparedSave,
  { nodes }: Connected,
  { deps, options }: Operation,
  { breakLock = false, overwrite = false, dryRun }: SaveOptions,
): Promise<SavePlan> {
  const { alpine, kubernetes } = config.systemImages
  const helper = readingHelpers({ dryRun }).snapshots
  const question = { name, images: [backupImage, alpine, kubernetes], helper }
  const { certificatesBundle = {} } = state.desiredState
  const members = await closing(etcdAccess(config.nodes, nodes, certificatesBundle, deps.time), ({ at }) =>
    observeMembersToSave(nodesWithRole(config.nodes, 'etcd'), nodes, at, question, endOf(options)),
  )
  const now = (deps.clock ?? systemClock)()
  return planSave({ config, backupImage, name, state: text, members, now, overwrite, breakLock })
}

function nobodyReached(failures: readonly RkeError[]): RkeError {
  const [only] = failures
  if (only !== undefined && failures.length === 1) return only
  return new RunFailedError('none of the etcd nodes can be reached', failures, {
    step: 'connect',
    untouched: true,
    hint: 'each of them takes its own snapshot: bring one back, then save again',
  })
}

function savedWithout(skipped: readonly string[], name: string): ConnectionError {
  const list = `[${skipped.join(',')}]`
  return new ConnectionError('other', `host(s) ${list} skipped because they could not be contacted`, {
    hint: `the snapshot ${name} is saved and verified on the others`,
  })
}
