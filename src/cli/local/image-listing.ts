import type { Catalog } from '../../catalog/catalog.ts'
import { BUILT_IN } from '../../catalog/catalog-source.ts'
import { listVersions } from '../../config/images/list-versions.ts'
import type { Flags } from '../parsing/flags.ts'

/** One part of a listing: an optional title for the log, and its lines. */
export interface ListingPart {
  readonly title?: string
  readonly lines: readonly string[]
}

/**
 * What `rke config --list-version` or `--system-images` prints.
 * @throws CatalogError for an unknown version.
 */
export async function listing(flags: Flags, catalog: Catalog): Promise<readonly ListingPart[]> {
  const all = flags.on('all')
  if (flags.on('list-version')) return [{ lines: listVersions(catalog, all) }]
  const { listSystemImages } = await import('../../config/images/image-lists.ts')
  return listSystemImages(catalog, { all, version: flags.text('version') }).map(({ images, version }) => ({
    title: `Generating images list for version [${version}]: `,
    lines: images,
  }))
}

/**
 * The same as JSON: of each version where it is from, with its images and flags, and where its manifests are from, which a
 * document may lack. All versions are all that clusters can have, older ones than RKE offers among them.
 * @throws CatalogError for an unknown version.
 */
export async function listingJson(flags: Flags, catalog: Catalog): Promise<string> {
  const all = flags.on('all')
  const sources = (version: string) => {
    const source = catalog.source(version)
    return { version, source, manifests: catalog.hasTemplates(version) ? source : BUILT_IN }
  }
  const { listSystemImages } = await import('../../config/images/image-lists.ts')
  const versions = flags.on('list-version')
    ? (all ? catalog.knownVersions : listVersions(catalog)).map((version) => ({
        ...sources(version),
        offered: catalog.currentVersions.includes(version),
      }))
    : listSystemImages(catalog, { all, version: flags.text('version') }).map(({ images, version }) => ({
        ...sources(version),
        images,
      }))
  return `${JSON.stringify({ default: catalog.defaultVersion, versions }, undefined, 2)}\n`
}
