import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CatalogError } from '../errors.ts'
import { failureText } from '../failure-text.ts'
import { makeFolder } from '../files/make-folder.ts'
import { readBytes } from '../files/read-file.ts'
import { replaceFile } from '../files/replace-file.ts'
import { type Catalog, createCatalog } from './catalog.ts'
import { type FetchOptions, fetchDocument, shownLocation, usualMaxBytes } from './fetch-document.ts'
import type { Metadata } from './metadata.ts'

export interface CatalogOptions extends FetchOptions {
  /** Cache of the last fetched document, used when none can be fetched; see `catalogCacheFile`. */
  readonly cacheFile?: string
  /** The expected SHA-256 of the document, in hex. */
  readonly sha256?: string
  readonly notice?: (severity: 'debug' | 'warning', message: string) => void
}

/**
 * Opens the catalogue: the built-in metadata, or the document at `location`, the value of RANCHER_METADATA_URL: a URL
 * if it starts with `http`, otherwise the path of a file.
 * @throws CatalogError if the document cannot be read or is invalid.
 */
export async function openCatalog(location?: string, options: CatalogOptions = {}): Promise<Catalog> {
  if (!location) return createCatalog((await import('./built-in-metadata.ts')).builtInMetadata)
  return createCatalog(await readMetadata(location, options))
}

/** The path of the cached document of a URL in a cache folder. */
export function catalogCacheFile(folder: string, location: string): string {
  return join(folder, `version-metadata-${digest(Buffer.from(location)).slice(0, 16)}.json`)
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function readMetadata(location: string, options: CatalogOptions): Promise<Metadata> {
  const { cacheFile, notice = () => {} } = options
  const isUrl = location.startsWith('http')
  try {
    const bytes = isUrl
      ? await fetchDocument(location, options)
      : await readBytes(location, mostBytes(options))
    const metadata = await parseDocument(bytes, location, options)
    notice('debug', `version metadata from ${shownLocation(location)}, SHA-256 ${digest(bytes)}`)
    if (isUrl && cacheFile !== undefined) await keep(cacheFile, bytes, notice)
    return metadata
  } catch (thrown) {
    const failure = unreadable(location, thrown)
    const kept = isUrl && cacheFile !== undefined ? await readKept(cacheFile, options) : undefined
    if (kept === undefined || options.signal?.aborted) throw failure
    notice('warning', `${failure.message}; the document fetched ${kept.when} is used instead`)
    return kept.metadata
  }
}

const mostBytes = ({ maxBytes = usualMaxBytes }: CatalogOptions): number => maxBytes

async function parseDocument(
  bytes: Uint8Array,
  location: string,
  { sha256 }: CatalogOptions,
): Promise<Metadata> {
  if (sha256 !== undefined && sha256.toLowerCase() !== digest(bytes)) {
    throw new CatalogError(`its SHA-256 is ${digest(bytes)}, not ${sha256}`)
  }
  const { parseMetadata } = await import('./metadata.ts')
  return parseMetadata(Buffer.from(bytes).toString('utf8'), shownLocation(location))
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

async function readKept(
  file: string,
  options: CatalogOptions,
): Promise<{ readonly metadata: Metadata; readonly when: string } | undefined> {
  try {
    const { mtime } = await stat(file)
    return {
      metadata: await parseDocument(await readBytes(file, mostBytes(options)), file, options),
      when: mtime.toISOString(),
    }
  } catch {
    return undefined
  }
}

function unreadable(location: string, cause: unknown): CatalogError {
  if (cause instanceof CatalogError && cause.hint !== undefined) return cause
  return new CatalogError(`cannot read the version metadata at ${shownLocation(location)}`, {
    cause,
    hint: 'correct RANCHER_METADATA_URL, or unset it to use the built-in metadata',
  })
}
