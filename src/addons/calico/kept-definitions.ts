import { isRecord, parseManifest, renderManifest } from '../objects/manifest.ts'
import type { Manifest, ManifestObject } from '../objects/manifest-object.ts'
import { objectKey } from '../objects/manifest-object.ts'
import { CALICO_GROUP, takesAnyField } from './calico-crds.ts'

export interface KeptDefinitions {
  /** What is to be applied. */
  readonly manifest: string
  /** What of it deliberately replaces something of RKE's. */
  readonly differences: readonly string[]
}

/**
 * The manifest of canal or calico, with the stored manifest's definitions of Calico's kinds in the place of those that take
 * any field, as long as Calico's release is the same: RKE's have schemas, which check what users write. Those of another
 * release may lack fields, which the API server would take out of stored objects; they are replaced.
 *
 * @param stored what was applied last; other manifests, and those that cannot be read, change nothing
 */
export function withKeptDefinitions(manifest: string, stored: string | undefined): KeptDefinitions {
  const same = { manifest, differences: [] }
  if (stored === undefined || stored === manifest || !manifest.includes(CALICO_GROUP)) return same
  const [ours, theirs] = [parseManifest(manifest), readable(stored)]
  const complete = new Map(
    theirs
      .filter(({ kind }) => kind === 'CustomResourceDefinition')
      .filter((object) => !takesAnyField(object))
      .map((object) => [objectKey(object), object]),
  )
  if (!ours.some((object) => takesAnyField(object) && complete.has(objectKey(object)))) return same
  if (release(ours) !== release(theirs)) return { manifest, differences: [ANY_FIELD] }
  const kept = ours.map((object) =>
    takesAnyField(object) ? (complete.get(objectKey(object)) ?? object) : object,
  )
  return { manifest: renderManifest(kept), differences: [] }
}

const ANY_FIELD = "definitions of Calico's kinds take any field, where RKE's list them"

function readable(text: string): Manifest {
  try {
    return parseManifest(text)
  } catch {
    return []
  }
}

/** The tag of Calico's image; its registry may change. */
function release(objects: Manifest): string | undefined {
  const images = objects.filter(({ kind }) => kind === 'DaemonSet').flatMap(nodeImages)
  return /:([^:/]+)$/.exec(images[0] ?? '')?.[1]
}

function nodeImages(object: ManifestObject & { readonly spec?: unknown }): readonly string[] {
  const template = isRecord(object.spec) && isRecord(object.spec.template) ? object.spec.template : {}
  const containers = isRecord(template.spec) ? template.spec.containers : undefined
  if (!Array.isArray(containers)) return []
  return containers.flatMap((container: unknown) =>
    isRecord(container) && container.name === 'calico-node' && typeof container.image === 'string'
      ? [container.image]
      : [],
  )
}
