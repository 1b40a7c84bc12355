import { readFile } from 'node:fs/promises'
import { CatalogError } from '../errors.ts'
import { type Catalog, createCatalog } from './catalog.ts'

const fetchTimeout = 30_000

/**
 * The catalogue to work with: the built-in one, or the document at `location`, which is the value of the
 * environment variable RANCHER_METADATA_URL: a URL if it starts with `http`, otherwise a file's path.
 * @throws CatalogError if the document cannot be fetched or read.
 */
export async function openCatalog(location?: string): Promise<Catalog> {
  if (!location) return createCatalog((await import('./built-in-metadata.ts')).builtInMetadata)
  const { parseMetadata } = await import('./metadata.ts')
  return createCatalog(parseMetadata(await readLocation(location), location))
}

async function readLocation(location: string): Promise<string> {
  try {
    if (!location.startsWith('http')) return await readFile(location, 'utf8')
    const response = await fetch(location, { signal: AbortSignal.timeout(fetchTimeout) })
    if (!response.ok) throw new CatalogError(`the server answered ${response.status}`)
    return await response.text()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new CatalogError(`cannot read the version metadata at ${location}: ${reason}`, {
      cause,
      hint: 'unset RANCHER_METADATA_URL to use the built-in metadata',
    })
  }
}
