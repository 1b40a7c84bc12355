import type { Catalog } from '../../catalog/catalog.ts'
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
