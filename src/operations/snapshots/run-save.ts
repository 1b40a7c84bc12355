import type { ClusterConfig } from '../../config/cluster-config.ts'
import { bucketOf } from '../../config/snapshot-bucket.ts'
import { CancelledError, RkeError, RunFailedError, SnapshotError } from '../../errors.ts'
import type { Plan } from '../../plan/model/plan.ts'
import type { LeftOut } from '../../plan/snapshots/plan-save.ts'
import type { MachineAccess } from '../../session/connect/machine-access.ts'
import { endOf } from '../../session/end-of-run.ts'
import type { Operation } from '../../session/run/redacted-run.ts'
import { runPlan } from '../../session/run/run-plan.ts'
import type { SavedSnapshot, SaveNotes } from '../../snapshots/saved-snapshot.ts'
import { archiveFileName } from '../../snapshots/snapshot-name.ts'
import type { SnapshotCopy } from './save-results.ts'

/** What came of a save. */
export interface SaveOutcome {
  readonly saved: readonly SavedSnapshot[]
  readonly failed: readonly LeftOut[]
  readonly copy?: SnapshotCopy
}

/**
 * Runs the plan of a save, and judges it as RKE does: one good archive is enough, and one that is in the bucket, where there is one;
 * whatever failed besides is a warning.
 */
export async function runSave(
  plan: Plan,
  {
    access,
    config,
    name,
  }: { readonly access: MachineAccess; readonly config: ClusterConfig; readonly name: string },
  { emit, options }: Operation,
): Promise<SaveOutcome> {
  const saved: SavedSnapshot[] = []
  const notCopied = new Map<string, RkeError>()
  const notes: SaveNotes = {
    saved: (snapshot) => saved.push(snapshot),
    notCopied: (node, why) => notCopied.set(node, why),
    whyNotCopied: (node) => notCopied.get(node),
  }
  let failures: readonly RkeError[] = []
  try {
    await runPlan(plan, { ...access, snapshots: () => notes }, options, emit)
  } catch (thrown) {
    const wasStopped = thrown instanceof CancelledError || endOf(options).aborted
    if (wasStopped || saved.length === 0 || !(thrown instanceof RkeError)) throw thrown
    failures = thrown instanceof RunFailedError ? thrown.failures : [thrown]
  }
  const warn = ({ node, why }: LeftOut, what: string): void =>
    emit({ type: 'notice', level: 'warning', area: 'etcd', text: `${what} on host [${node}]: ${why}`, node })
  const failed = failures.map(leftOut)
  for (const each of failed) warn(each, 'no snapshot was saved')
  const unCopied = saved.flatMap(({ node }) => notCopied.get(node) ?? []).map(leftUncopied)
  for (const each of unCopied) warn(each, 'the archive was saved, and not copied to the bucket,')
  const copy = copyOf(config, name, unCopied)
  if (copy !== undefined && unCopied.length >= saved.length) throw nothingCopied(copy, saved)
  return { saved: inOrder(saved, config), failed, ...(copy && { copy }) }
}

const leftOut = ({ host = '', message }: RkeError): LeftOut => ({ node: host, why: message })

/** It is there, so only what its helper says of the copy counts. */
const leftUncopied = ({ host = '', message, why = message }: RkeError): LeftOut => ({ node: host, why })

/** As the nodes stand in cluster.yml. */
function inOrder(saved: readonly SavedSnapshot[], { nodes }: ClusterConfig): readonly SavedSnapshot[] {
  const place = (address: string): number => nodes.findIndex((node) => node.address === address)
  return saved.toSorted((a, b) => place(a.node) - place(b.node))
}

function copyOf(config: ClusterConfig, name: string, failed: readonly LeftOut[]): SnapshotCopy | undefined {
  const bucket = bucketOf(config)
  if (bucket === undefined) return undefined
  const file = archiveFileName(name)
  return {
    endpoint: bucket.endpoint,
    bucket: bucket.bucketName,
    key: bucket.folder ? `${bucket.folder}/${file}` : file,
    failed,
  }
}

function nothingCopied(
  { bucket, endpoint, failed, key }: SnapshotCopy,
  saved: readonly SavedSnapshot[],
): SnapshotError {
  const places = saved.map(({ node }) => node).join(', ')
  return new SnapshotError(`${key} was not copied to the bucket ${bucket} of ${endpoint}`, {
    step: 'copy the snapshot',
    why: failed.map(({ node, why }) => `${node}: ${why}`).join('; '),
    hint: `the snapshot is on ${places}, and was verified there: repair the way to the bucket, and save again under another name`,
  })
}
