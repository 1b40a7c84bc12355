import { createHash } from 'node:crypto'
import type { KubeObject, Manifest } from '../objects/kube-object.ts'
import { objectKey, objectTitle } from '../objects/kube-object.ts'
import { isRecord, parseManifest } from '../objects/manifest.ts'
import { canonical, normalise } from './normalise.ts'

/** Version of the normal form: a hash of another version says nothing about this one's. */
const HASH_VERSION = 'v2-'
const MOST_PATHS = 3

/**
 * Whether applying `ours` would change nothing after `stored` was applied: the same objects, whatever the
 * order of documents and keys, comments, layout, and fields written out with the API's default value.
 * Texts that cannot be read as Kubernetes objects are the same only if they are equal.
 */
export function sameManifest(stored: string, ours: string): boolean {
  return stored === ours || manifestHash(stored) === manifestHash(ours)
}

/**
 * A hash that is equal for texts that {@link sameManifest} calls the same: `v2-` and 64 hexadecimal digits.
 */
export function manifestHash(text: string): string {
  const objects = readable(text)
  const lines = objects?.map(canonical).sort().join('\n') ?? text
  return HASH_VERSION + createHash('sha256').update(lines).digest('hex')
}

/** Whether the hash was made by a version of this program that compares in the same way. */
export function isComparableHash(hash: string): boolean {
  return hash.startsWith(HASH_VERSION)
}

/**
 * What differs, one line per object, for a plan: `DaemonSet kube-system/kube-flannel changed (spec.…)`.
 * Names paths, and values of images only, so a Secret's or a password's content is never told.
 */
export function manifestChanges(stored: string, ours: string): string[] {
  const [before, after] = [readable(stored), readable(ours)]
  if (before === undefined || after === undefined) return stored === ours ? [] : ['the text changed']
  const [old, now] = [byKey(before), byKey(after)]
  const added = after.filter((object) => !old.has(objectKey(object)))
  const changed = after.flatMap((object) => {
    const previous = old.get(objectKey(object))
    return previous === undefined ? [] : objectChange(previous, object)
  })
  return [
    ...added.map((object) => `${objectTitle(object)} added`),
    ...changed,
    ...before
      .filter((object) => !now.has(objectKey(object)))
      .map((object) => `${objectTitle(object)} no longer in the manifest`),
  ]
}

/** Objects that the stored manifest holds and ours does not: `kubectl apply` leaves them in the cluster. */
export function droppedObjects(stored: string, ours: string): Manifest {
  const now = byKey(readable(ours) ?? [])
  return (readable(stored) ?? []).filter((object) => !now.has(objectKey(object)))
}

function readable(text: string): Manifest | undefined {
  try {
    return parseManifest(text)
  } catch {
    return undefined
  }
}

function byKey(objects: Manifest): Map<string, KubeObject> {
  return new Map(objects.map((object) => [objectKey(object), object]))
}

function objectChange(before: KubeObject, after: KubeObject): string[] {
  const paths = differences(normalise(before), normalise(after), '')
  if (paths.length === 0) return []
  if (after.kind === 'Secret') return [`${objectTitle(after)} changed`]
  const more = paths.length > MOST_PATHS ? [`and ${paths.length - MOST_PATHS} more`] : []
  return [`${objectTitle(after)} changed (${[...paths.slice(0, MOST_PATHS), ...more].join(', ')})`]
}

function differences(before: unknown, after: unknown, path: string): string[] {
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    return keys.flatMap((key) => differences(before[key], after[key], path === '' ? key : `${path}.${key}`))
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, index) => differences(item, after[index], `${path}[${index}]`))
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  const image = path.endsWith('.image') && typeof before === 'string' && typeof after === 'string'
  return [image ? `${path}: ${before} → ${after}` : path]
}
