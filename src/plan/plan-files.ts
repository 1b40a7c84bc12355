import type { FileSpec } from '../desired/container-spec.ts'
import { prefixed } from '../desired/paths.ts'
import type { ObservedFile, ObservedNode } from '../observe/observed-node.ts'
import type { FilesUpload } from './action.ts'
import { fileDigest } from './file-digest.ts'
import { ids } from './ids.ts'
import type { DesiredNode } from './plan-input.ts'

interface Finding {
  readonly file: FileSpec
  readonly because: string
}

/**
 * One upload of all files that are missing, damaged or different on a node; none if there are no such files. Keys
 * are sent only where nothing stands in the way of using them: after the `gates`.
 */
export function planFiles(
  desired: DesiredNode,
  observed: ObservedNode | undefined,
  { forced, gates }: { readonly forced: boolean; readonly gates: readonly string[] },
): readonly FilesUpload[] {
  const found = observed?.files
  const findings = [
    ...desired.certificates.flatMap((file) => inspectCertificate(file, desired, found, forced)),
    ...desired.files.flatMap((file) =>
      inspectFile(file, desired, found).filter(
        ({ because }) => because !== 'different' || file.overwrite !== 'never',
      ),
    ),
  ]
  if (findings.length === 0) return []
  return [
    {
      kind: 'files.upload',
      id: ids.files(desired.node.address),
      node: desired.node.address,
      because: summarise(findings),
      after: [ids.image(desired.node.address, desired.helperImage), ...gates],
      image: desired.helperImage,
      folder: prefixed(desired.prefix, '/etc/kubernetes'),
      files: findings.map((finding) => finding.file),
    },
  ]
}

type Found = ReadonlyMap<string, ObservedFile> | undefined

/** Whether a file is on a node as it is wanted: nothing, or what is wrong. */
export function inspectFile(file: FileSpec, desired: DesiredNode, found: Found): readonly Finding[] {
  if (found === undefined) return [{ file, because: 'new' }]
  const actual = lookUp(file, desired, found)
  if (actual === undefined) return [{ file, because: 'missing' }]
  return actual.sha256 === fileDigest(file) ? [] : [{ file, because: 'different' }]
}

function inspectCertificate(
  file: FileSpec,
  desired: DesiredNode,
  found: Found,
  force: boolean,
): readonly Finding[] {
  return inspectFile(file, desired, found).flatMap((finding) => {
    if (finding.because !== 'different') return [finding]
    if (lookUp(file, desired, found)?.certificate === 'damaged') return [{ file, because: 'damaged' }]
    return force && file.overwrite !== 'never' ? [finding] : []
  })
}

/** Files are wanted by their path on the node, and found by their path as containers see it. */
function lookUp(file: FileSpec, desired: DesiredNode, found: Found): ObservedFile | undefined {
  const root = prefixed(desired.prefix, '/etc/kubernetes')
  return found?.get(`/etc/kubernetes${file.path.slice(root.length)}`)
}

/** `missing: a, b`; a new node's long list is only counted. */
function summarise(findings: readonly Finding[]): readonly string[] {
  const byReason = Map.groupBy(findings, (finding) => finding.because)
  return [...byReason].map(([because, group]) => {
    const names = group.map(({ file }) => file.path.slice(file.path.lastIndexOf('/') + 1))
    return names.length > 5 ? `${names.length} files ${because}` : `${because}: ${names.join(', ')}`
  })
}
