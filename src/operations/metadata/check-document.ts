import { overlappingRanges } from '../../catalog/addon-templates.ts'
import { createCatalog } from '../../catalog/catalog.ts'
import { shortId } from '../../catalog/catalog-source.ts'
import { type Metadata, parseMetadata } from '../../catalog/metadata.ts'
import { sha256Of } from '../../catalog/sha256.ts'
import { CatalogError } from '../../errors.ts'
import { parseTemplate } from '../../templates/parse.ts'
import { TemplateProblem } from '../../templates/template-problem.ts'

/** What is in a metadata document. */
export interface DocumentReport {
  readonly sha256: string
  /** Kubernetes versions, oldest first. */
  readonly versions: readonly string[]
  readonly newest: string
  /** The version of a cluster whose file names none, where this document is named. */
  readonly defaultVersion: string
  /** Ids of templates. */
  readonly templates: readonly string[]
  /** Templates of which no manifest can be made, and why. */
  readonly unusable: readonly string[]
  /** Add-ons whose ranges of versions overlap. */
  readonly overlaps: readonly string[]
}

/**
 * Checks a whole document, to be imported.
 * @param source where it is from, as it may be shown
 * @throws CatalogError if it is no such document, or only a part of one
 */
export function checkDocument(bytes: Uint8Array, source: string): DocumentReport {
  const metadata = parseMetadata(Buffer.from(bytes).toString('utf8'), source)
  const catalog = createCatalog(metadata)
  const templates = Object.entries(metadata.K8sVersionedTemplates.templateKeys ?? {})
  const missing = [
    ...(templates.length === 0 ? ['templates of manifests (K8sVersionedTemplates.templateKeys)'] : []),
    ...(Object.keys(metadata.K8sVersionServiceOptions).length === 0
      ? ['flags of components (K8sVersionServiceOptions)']
      : []),
    ...(catalog.defaultVersion === '' ? ['a default version (RKEDefaultK8sVersions)'] : []),
  ]
  if (missing.length > 0) {
    throw new CatalogError(`${source} is only a part of the metadata of an RKE release`, {
      why: `it has no ${missing.join(', and no ')}`,
      hint: 'import the rke executable itself, or a whole data.json; for a document without templates use --metadata',
    })
  }
  return {
    sha256: sha256Of(bytes),
    versions: catalog.knownVersions,
    newest: catalog.knownVersions.at(-1) ?? '',
    defaultVersion: catalog.defaultVersion,
    templates: templates.map(([id]) => id),
    unusable: templates.flatMap(([id, text]) => problemOf(id, text)),
    overlaps: overlapsIn(metadata, catalog.knownVersions),
  }
}

/** Each pair once, with the first version that it is about. */
function overlapsIn(metadata: Metadata, versions: readonly string[]): readonly string[] {
  const found = new Map<string, string>()
  for (const addon of Object.keys(metadata.K8sVersionedTemplates)) {
    for (const version of versions) {
      const ranges = overlappingRanges(metadata, addon, version).map((range) => `"${range}"`)
      const what = `the ranges ${ranges.join(' and ')} of the add-on ${addon} overlap`
      if (ranges.length > 0 && !found.has(what)) found.set(what, version)
    }
  }
  return [...found].map(
    ([what, version]) => `${what} from ${version} on: that with the greatest lower bound is used`,
  )
}

function problemOf(id: string, text: string): readonly string[] {
  try {
    parseTemplate(text)
    return []
  } catch (thrown) {
    if (thrown instanceof TemplateProblem) return [`template ${id}, ${thrown.message}`]
    throw thrown
  }
}

/** One line for people. */
export function reportText({ newest, sha256, templates, versions }: DocumentReport): string {
  return `${shortId(sha256)}: ${versions.length} Kubernetes versions, the newest ${newest}; ${templates.length} templates`
}
