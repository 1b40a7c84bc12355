import { createHash } from 'node:crypto'
import { isRecord, parseManifest } from '../objects/manifest.ts'
import type { Manifest, ManifestObject } from '../objects/manifest-object.ts'
import { objectKey, objectTitle } from '../objects/manifest-object.ts'
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

/** How two manifests differ. `object` is `Kind namespace/name`. */
export type ManifestReason =
  | { readonly kind: 'manifest-text-changed' }
  | { readonly kind: 'object-added' | 'object-dropped'; readonly object: string }
  | ObjectChange

interface ObjectChange {
  readonly kind: 'object-changed'
  readonly object: string
  /** The first few fields that differ; of images with the values, `spec.image: a → b`. None of a Secret. */
  readonly fields: readonly string[]
  /** How many fields differ besides. */
  readonly more: number
}

/**
 * What differs, one reason per object, for a plan. Names paths, and values of images only, so that no content of a
 * Secret or password is printed.
 */
export function manifestChanges(stored: string, ours: string): readonly ManifestReason[] {
  const [before, after] = [readable(stored), readable(ours)]
  if (before === undefined || after === undefined)
    return stored === ours ? [] : [{ kind: 'manifest-text-changed' }]
  const [old, now] = [byKey(before), byKey(after)]
  const added = after.filter((object) => !old.has(objectKey(object)))
  const changed = after.flatMap((object) => {
    const previous = old.get(objectKey(object))
    return previous === undefined ? [] : objectChange(previous, object)
  })
  return [
    ...added.map((object) => ({ kind: 'object-added', object: objectTitle(object) }) as const),
    ...changed,
    ...before
      .filter((object) => !now.has(objectKey(object)))
      .map((object) => ({ kind: 'object-dropped', object: objectTitle(object) }) as const),
  ]
}

function readable(text: string): Manifest | undefined {
  try {
    return parseManifest(text)
  } catch {
    return undefined
  }
}

function byKey(objects: Manifest): Map<string, ManifestObject> {
  return new Map(objects.map((object) => [objectKey(object), object]))
}

function objectChange(before: ManifestObject, after: ManifestObject): readonly ObjectChange[] {
  const paths = differences(normalise(before), normalise(after), '')
  if (paths.length === 0) return []
  const change = { kind: 'object-changed', object: objectTitle(after) } as const
  if (after.kind === 'Secret') return [{ ...change, fields: [], more: 0 }]
  return [{ ...change, fields: paths.slice(0, MOST_PATHS), more: Math.max(0, paths.length - MOST_PATHS) }]
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
