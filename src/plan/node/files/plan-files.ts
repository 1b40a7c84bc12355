import type { FileSpec } from '../../../desired/container-spec.ts'
import type { DesiredNode } from '../../../desired/desired-node.ts'
import { prefixed } from '../../../desired/paths.ts'
import type { ContainerInspect } from '../../../node/docker/docker-types.ts'
import { KUBERNETES_FOLDER } from '../../../node-paths.ts'
import type { ObservedFile, ObservedNode } from '../../../observe/observed-node.ts'
import type { FilesUpload } from '../../action/files.ts'
import { ids } from '../../model/ids.ts'
import type { FileReason, FileState } from '../../model/reason.ts'
import { secretDigest } from '../../model/secret-digest.ts'
import { foundAt } from './found-file.ts'
import { waitsForEtcd } from './plan-access.ts'

interface Finding {
  readonly file: FileSpec
  readonly state: FileState
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
      inspectContent(file, desired, found).filter(
        ({ state }) => state !== 'different' || file.overwrite !== 'never',
      ),
    ),
  ]
  if (findings.length === 0) return []
  return [
    {
      kind: 'files.upload',
      id: ids.files(desired.node.address),
      node: desired.node.address,
      because: reasonsFor(findings),
      after: [ids.image(desired.node.address, desired.helperImage), ...gates],
      image: desired.helperImage,
      folder: prefixed(desired.prefix, KUBERNETES_FOLDER),
      files: findings.map(({ file }) => withOwner(readable(file, desired, observed), desired, observed)),
    },
  ]
}

function reasonsFor(findings: readonly Finding[]): readonly FileReason[] {
  return [...Map.groupBy(findings, ({ state }) => state)].map(([state, alike]) => ({
    kind: 'files',
    state,
    paths: alike.map(({ file }) => file.path),
  }))
}

type Found = ReadonlyMap<string, ObservedFile> | undefined

/** Whether a file holds on a node what is wanted: nothing, or what is wrong. */
export function inspectContent(file: FileSpec, desired: DesiredNode, found: Found): readonly Finding[] {
  if (found === undefined) return [{ file, state: 'new' }]
  const actual = foundAt(file.path, desired, found)
  if (actual === undefined) return [{ file, state: 'missing' }]
  return actual.sha256 === secretDigest(file.content) ? [] : [{ file, state: 'different' }]
}

function inspectCertificate(
  file: FileSpec,
  desired: DesiredNode,
  found: Found,
  force: boolean,
): readonly Finding[] {
  return inspectContent(file, desired, found).flatMap((finding) => {
    if (finding.state !== 'different') return [finding]
    if (foundAt(file.path, desired, found)?.certificate === 'damaged') return [{ file, state: 'damaged' }]
    return force && file.overwrite !== 'never' ? [finding] : []
  })
}

/** A certificate that the etcd which runs may have to read as another user than root, while it is to be root's only once it is replaced. */
function readable(file: FileSpec, desired: DesiredNode, observed: ObservedNode | undefined): FileSpec {
  const wanted = desired.containers.find(({ name }) => name === 'etcd')
  const now = userOf(observed?.containers.get('etcd'))
  const isOther = now !== undefined && now.uid !== 0 && wanted?.user === undefined
  return isOther && file.isPublic && file.mode !== undefined ? { ...file, mode: file.mode | 0o044 } : file
}

/** With the owner that it has on the node, where it keeps that, or gets another one only with another etcd. */
function withOwner(file: FileSpec, desired: DesiredNode, observed: ObservedNode | undefined): FileSpec {
  const keepsOwner = file.uid === undefined
  if (!keepsOwner && !waitsForEtcd(file, desired, observed)) return file
  const actual = foundAt(file.path, desired, observed?.files)
  // One that was lost is for the etcd that runs.
  const owner = actual ?? (keepsOwner ? userOf(observed?.containers.get('etcd')) : undefined)
  return owner === undefined ? file : { ...file, uid: owner.uid, gid: owner.gid }
}

/** The user of a container, where it is given by numbers. */
function userOf(container: ContainerInspect | undefined): { uid: number; gid: number } | undefined {
  const [, uid, gid = uid] = /^(\d+)(?::(\d+))?$/.exec(container?.Config.User ?? '') ?? []
  return uid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) }
}
