import { resolve } from 'node:path'
import { shortId } from '../../../catalog/catalog-source.ts'
import { shownLocation } from '../../../catalog/fetch-document.ts'
import { type Import, ImportStore } from '../../../catalog/imports/import-store.ts'
import { openCatalog, unreadable } from '../../../catalog/open-catalog.ts'
import { isUrl, readDocument } from '../../../catalog/read-document.ts'
import { ConfigError, UsageError } from '../../../errors.ts'
import { checkDocument, type DocumentReport } from '../../../operations/metadata/check-document.ts'
import { systemClock } from '../../../time.ts'
import type { Io } from '../../io.ts'
import { importsFolder } from './user-folders.ts'

/**
 * The metadata documents that this user imported.
 * @throws ConfigError without a home folder
 */
export function importsOf({ env }: Pick<Io, 'env'>): ImportStore {
  const folder = importsFolder(env)
  if (folder !== undefined) return new ImportStore(folder)
  throw new ConfigError('there is no folder for imported metadata', {
    why: 'neither HOME nor XDG_DATA_HOME is set',
    hint: 'set one of them',
  })
}

/** How people name an imported document. */
export const idOf = ({ sha256 }: Pick<Import, 'sha256'>): string => shortId(sha256)

export interface Imported {
  readonly document: Import
  readonly report: DocumentReport
  /** The version of a cluster whose file names none, which an import never changes. */
  readonly defaultVersion: string
}

/**
 * Reads a document from a URL, a file or an rke executable, checks it, and keeps it.
 * @throws CatalogError if there is none, or only a part of one; nothing is kept then
 */
export async function importDocument(location: string, io: Io, signal: AbortSignal): Promise<Imported> {
  const store = importsOf(io)
  const source = isUrl(location) ? shownLocation(location) : resolve(location)
  const bytes = await readDocument(location, { env: io.env, signal }).catch((thrown) => {
    throw unreadable(
      location,
      thrown,
      'name a URL, a data.json, or an rke executable of RKE 1.6: the oldest releases have no such document',
    )
  })
  const report = checkDocument(bytes, source)
  const { defaultVersion, newest, sha256, templates, versions } = report
  const now = (io.world?.clock ?? systemClock)()
  const document: Import = {
    sha256,
    source,
    importedAt: now.toISOString(),
    versions: versions.length,
    newest,
    defaultVersion,
    templates: templates.length,
  }
  await store.add(bytes, document)
  return { document, report, defaultVersion: (await openCatalog()).defaultVersion }
}

/**
 * The documents that these ids name: the first digits of their digests.
 * @throws UsageError if one is missing or names several
 */
export async function namedImports(store: ImportStore, ids: readonly string[]): Promise<readonly Import[]> {
  const all = await store.list()
  const hint = all.length === 0 ? 'nothing is imported' : `imported are ${all.map(idOf).join(', ')}`
  if (ids.length === 0)
    throw new UsageError('say which document is meant, by the first digits of its SHA-256', { hint })
  return ids.map((id) => {
    const [found, ...more] = all.filter(({ sha256 }) => id !== '' && sha256.startsWith(id.toLowerCase()))
    if (found === undefined) throw new UsageError(`no metadata was imported with the SHA-256 ${id}`, { hint })
    if (more.length > 0) throw new UsageError(`${id} is the beginning of several SHA-256`, { hint })
    return found
  })
}
