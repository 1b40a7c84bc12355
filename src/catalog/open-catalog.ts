import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CatalogError } from '../errors.ts'
import { failureText } from '../failure-text.ts'
import { makeFolder } from '../files/make-folder.ts'
import { readBytes } from '../files/read-file.ts'
import { replaceFile } from '../files/replace-file.ts'
import { type Catalog, createCatalog } from './catalog.ts'
import type { CatalogSource } from './catalog-source.ts'
import { type FetchOptions, shownLocation, usualMaxBytes } from './fetch-document.ts'
import type { ImportStore } from './imports/import-store.ts'
import { equivalentRkeVersion } from './known-versions.ts'
import { layeredCatalog } from './layered-catalog.ts'
import type { Metadata } from './metadata.ts'
import { isUrl, readDocument } from './read-document.ts'
import { sha256Of } from './sha256.ts'

export interface CatalogOptions extends FetchOptions {
  /** Cache of the last fetched document, used when none can be fetched; see `catalogCacheFile`. */
  readonly cacheFile?: string
  /** The expected SHA-256 of the document, in hex. */
  readonly sha256?: string
  readonly notice?: (severity: 'debug' | 'warning', message: string) => void
  /** Documents that were imported: they go before what is built in, where no document is named. */
  readonly imports?: Pick<ImportStore, 'list' | 'read'>
}

/**
 * Opens the catalogue. A document at `location` (`--metadata`, or RANCHER_METADATA_URL: a URL if it starts with `http`, otherwise
 * the path of a file) counts alone, as in RKE; else those that were imported, the last one first; then the built-in metadata.
 * @throws CatalogError if a document cannot be read or is invalid.
 */
export async function openCatalog(location?: string, options: CatalogOptions = {}): Promise<Catalog> {
  if (location) return await namedCatalog(location, options)
  const builtIn = createCatalog((await import('./built-in-metadata.ts')).builtInMetadata)
  const imported = await importedCatalogs(options)
  return imported.length === 0 ? builtIn : layeredCatalog(builtIn, imported)
}

/** The path of the cached document of a URL in a cache folder. */
export function catalogCacheFile(folder: string, location: string): string {
  return join(folder, `version-metadata-${sha256Of(Buffer.from(location)).slice(0, 16)}.json`)
}

const catalogOf = (metadata: Metadata, source: CatalogSource): Catalog =>
  createCatalog(metadata, equivalentRkeVersion, source)

async function importedCatalogs({ imports }: CatalogOptions): Promise<readonly Catalog[]> {
  const catalogs: Catalog[] = []
  for (const document of (await imports?.list()) ?? []) {
    const { sha256, source } = document
    const metadata = await parsed((await imports?.read(document)) ?? Buffer.of(), source)
    catalogs.push(catalogOf(metadata, { kind: 'imported', location: source, sha256 }))
  }
  return catalogs
}

async function namedCatalog(location: string, options: CatalogOptions): Promise<Catalog> {
  const { cacheFile, notice = () => {} } = options
  const shown = shownLocation(location)
  try {
    const bytes = await readDocument(location, options)
    const sha256 = sha256Of(bytes)
    const metadata = await expected(bytes, location, options)
    notice('debug', `version metadata from ${shown}, SHA-256 ${sha256}`)
    if (isUrl(location) && cacheFile !== undefined) await keep(cacheFile, bytes, notice)
    return catalogOf(metadata, { kind: 'named', location: shown, sha256 })
  } catch (thrown) {
    const failure = unreadable(location, thrown, CORRECT)
    const kept = isUrl(location) && cacheFile !== undefined ? await readKept(cacheFile, options) : undefined
    if (kept === undefined || options.signal?.aborted) throw failure
    notice('warning', `${failure.message}; the document fetched ${kept.when} is used instead`)
    return catalogOf(kept.metadata, { kind: 'named', location: shown, sha256: kept.sha256 })
  }
}

const CORRECT = 'correct --metadata or RANCHER_METADATA_URL, or leave both out to use the built-in metadata'

async function expected(bytes: Buffer, location: string, { sha256 }: CatalogOptions): Promise<Metadata> {
  const found = sha256Of(bytes)
  if (sha256 !== undefined && sha256.toLowerCase() !== found) {
    throw new CatalogError(`its SHA-256 is ${found}, not ${sha256}`)
  }
  return parsed(bytes, shownLocation(location))
}

async function parsed(bytes: Buffer, shown: string): Promise<Metadata> {
  const { parseMetadata } = await import('./metadata.ts')
  return parseMetadata(bytes.toString('utf8'), shown)
}

async function keep(
  file: string,
  bytes: Uint8Array,
  notice: NonNullable<CatalogOptions['notice']>,
): Promise<void> {
  try {
    await makeFolder(dirname(file))
    await replaceFile(file, (open) => open.writeFile(bytes), { mode: 0o644 })
  } catch (cause) {
    notice('warning', `the version metadata cannot be kept in ${file}: ${failureText(cause)}`)
  }
}

interface Kept {
  readonly metadata: Metadata
  readonly sha256: string
  readonly when: string
}

async function readKept(file: string, options: CatalogOptions): Promise<Kept | undefined> {
  try {
    const { mtime } = await stat(file)
    const bytes = await readBytes(file, options.maxBytes ?? usualMaxBytes)
    const metadata = await expected(bytes, file, options)
    return { metadata, sha256: sha256Of(bytes), when: mtime.toISOString() }
  } catch {
    return undefined
  }
}

/** The error for a document that cannot be had. `hint` is for causes that have none of their own. */
export function unreadable(location: string, cause: unknown, hint: string): CatalogError {
  if (cause instanceof CatalogError && cause.hint !== undefined) return cause
  return new CatalogError(`cannot read the version metadata at ${shownLocation(location)}`, { cause, hint })
}
