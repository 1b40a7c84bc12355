import { CatalogError } from '../errors.ts'
import type { Metadata } from './metadata.ts'
import { compareSemantic } from './version-order.ts'
import { inRange, lowerBound } from './version-range.ts'

/** A text that a manifest is made from, with its id in the metadata. */
export interface AddonTemplate {
  readonly id: string
  readonly text: string
  /** Ranges of the add-on that hold the version, too, and name another template: RKE takes any of them. */
  readonly overlapping?: readonly string[]
}

type Templates = Pick<Metadata, 'K8sVersionedTemplates'>
type Match = readonly [range: string, id: string]

/**
 * The id of the template of an add-on for a version. Of ranges that overlap, that with the greatest lower bound counts.
 * @throws CatalogError if no range holds the version
 */
export function addonTemplate(metadata: Templates, addon: string, version: string): string {
  const [first] = matchingRanges(metadata, addon, version)
  if (first !== undefined) return first[1]
  throw new CatalogError(`there is no manifest of the add-on ${addon} for Kubernetes ${version}`, {
    hint:
      addon === 'nodelocal'
        ? 'take dns.nodelocal out of cluster.yml: no RKE release has a manifest of it for this version, and pods would have no DNS'
        : 'switch the add-on off in cluster.yml, or use a version that has it',
  })
}

/** The template itself, if the metadata has it. */
export function addonTemplateText(
  metadata: Templates,
  addon: string,
  version: string,
): AddonTemplate | undefined {
  const id = matchingRanges(metadata, addon, version)[0]?.[1]
  const text = id === undefined ? undefined : metadata.K8sVersionedTemplates.templateKeys?.[id]
  if (id === undefined || text === undefined) return undefined
  const overlapping = overlappingRanges(metadata, addon, version)
  return { id, text, ...(overlapping.length > 0 && { overlapping }) }
}

/** Whether the metadata has the template of any add-on for a version. */
export const hasTemplates = (metadata: Templates, version: string): boolean =>
  Object.keys(metadata.K8sVersionedTemplates).some(
    (addon) => addonTemplateText(metadata, addon, version) !== undefined,
  )

/** The ranges of an add-on that hold a version and name several templates; none where one fits, as it should be. */
export function overlappingRanges(metadata: Templates, addon: string, version: string): readonly string[] {
  const matches = matchingRanges(metadata, addon, version)
  return new Set(matches.map(([, id]) => id)).size > 1 ? matches.map(([range]) => range) : []
}

/** The one that counts is first. */
function matchingRanges(
  { K8sVersionedTemplates }: Templates,
  addon: string,
  version: string,
): readonly Match[] {
  const bound = ([range]: Match): string => lowerBound(version, range)
  return Object.entries(K8sVersionedTemplates[addon] ?? {})
    .filter(([range]) => inRange(version, range))
    .sort((a, b) => compareSemantic(bound(b), bound(a)))
}
