import type { Access } from '../../../desired/container-spec.ts'
import type { DesiredNode } from '../../../desired/desired-node.ts'
import { prefixed } from '../../../desired/paths.ts'
import { CERTIFICATE_FOLDER, KUBERNETES_FOLDER } from '../../../node-paths.ts'
import type { ObservedNode } from '../../../observe/observed-node.ts'
import type { FilesAccess } from '../../action/files.ts'
import { ids } from '../../model/ids.ts'
import type { FileReason } from '../../model/reason.ts'
import { changesUser } from '../container-difference.ts'
import { type AccessDifference, accessDifferences } from './access-difference.ts'
import { foundAt } from './found-file.ts'

/** What is done about modes and owners of files and folders that are on a node. */
export interface AccessPlan {
  /** Before anything is started. */
  readonly first: readonly FilesAccess[]
  /** Right before etcd is replaced by one that runs as another user: the one that runs must read its files until then. */
  readonly withEtcd: readonly FilesAccess[]
}

interface Finding {
  readonly entry: FilesAccess['entries'][number]
  readonly differences: readonly AccessDifference[]
}

/** RKE 1.6.3 sets it in each run: etcd may run as a user that has to get there. */
const CERTIFICATES = { path: CERTIFICATE_FOLDER, mode: 0o755, isPublic: true } as const

/** Modes and owners that are not as they should be, but for those of files in `sent`, which come with the file. */
export function planAccess(
  desired: DesiredNode,
  observed: ObservedNode | undefined,
  { sent, gates }: { readonly sent: ReadonlySet<string>; readonly gates: readonly string[] },
): AccessPlan {
  const findings = inspect(desired, observed)
  const waits = ({ entry }: Finding): boolean => waitsForEtcd(entry, desired, observed)
  const { address } = desired.node
  const first = findings.filter((finding) => !waits(finding) && !sent.has(finding.entry.path))
  return {
    first: actionFor(ids.access(address), first, desired, gates),
    withEtcd: actionFor(ids.etcdAccess(address), findings.filter(waits), desired, gates),
  }
}

/** Whether a file is for etcd's user, and the etcd that runs is another one, so that it goes on reading it as it is. */
export function waitsForEtcd(
  { uid = 0 }: Access,
  desired: DesiredNode,
  observed: ObservedNode | undefined,
): boolean {
  const actual = observed?.containers.get('etcd')
  const wanted = desired.containers.find(({ name }) => name === 'etcd')
  if (uid === 0 || actual === undefined || wanted === undefined) return false
  return actual.State.Running && changesUser(actual, wanted)
}

function inspect(desired: DesiredNode, observed: ObservedNode | undefined): readonly Finding[] {
  const folder = { ...CERTIFICATES, path: prefixed(desired.prefix, CERTIFICATES.path) }
  return [
    ...compare(folder, foundAt(folder.path, desired, observed?.folders)),
    ...[...desired.certificates, ...desired.files].flatMap((file) =>
      compare(file, foundAt(file.path, desired, observed?.files)),
    ),
  ]
}

function compare(
  wanted: Access & { readonly path: string },
  actual: Parameters<typeof accessDifferences>[1] | undefined,
): readonly Finding[] {
  const differences = actual === undefined ? [] : accessDifferences(wanted, actual)
  if (differences.length === 0) return []
  const { path, mode, uid, gid } = wanted
  return [{ entry: { path, mode, ...(uid !== undefined && { uid, gid: gid ?? uid }) }, differences }]
}

function actionFor(
  id: string,
  findings: readonly Finding[],
  { node, helperImage, prefix }: DesiredNode,
  gates: readonly string[],
): readonly FilesAccess[] {
  if (findings.length === 0) return []
  return [
    {
      kind: 'files.access',
      id,
      node: node.address,
      because: reasonsFor(findings),
      // One helper of that name at a time.
      after: [ids.image(node.address, helperImage), ids.files(node.address), ...gates],
      image: helperImage,
      folder: prefixed(prefix, KUBERNETES_FOLDER),
      entries: findings.map(({ entry }) => entry),
    },
  ]
}

/** One reason for all entries that differ in the same way. */
function reasonsFor(findings: readonly Finding[]): readonly FileReason[] {
  const all = findings.flatMap(({ entry: { path }, differences }) =>
    differences.map((difference) => ({ path, difference })),
  )
  const alike = Map.groupBy(all, ({ difference: { kind, from, to } }) => `${kind} ${from} ${to}`)
  return [...alike.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ ...first.difference, paths: [first, ...others].map(({ path }) => path) }],
  )
}
