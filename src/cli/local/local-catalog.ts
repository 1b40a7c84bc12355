import type { Catalog } from '../../catalog/catalog.ts'
import { ImportStore } from '../../catalog/imports/import-store.ts'
import { catalogCacheFile, openCatalog } from '../../catalog/open-catalog.ts'
import type { Io } from '../io.ts'
import type { Flags } from '../parsing/flags.ts'
import type { Following } from '../running/follow.ts'
import { cacheFolder, importsFolder } from './metadata/user-folders.ts'

/**
 * The catalogue that `--metadata` or RANCHER_METADATA_URL names, or what the user imported and what is built in. A fetched
 * document is kept in the user's cache folder and used, with a warning, when it cannot be fetched again.
 * @throws CatalogError if a document cannot be read or is invalid.
 */
export function openLocalCatalog(
  flags: Flags,
  { env }: Pick<Io, 'env'>,
  { renderer, stop }: Following,
): Promise<Catalog> {
  const location = flags.text('metadata')
  const folder = cacheFolder(env)
  const imports = importsFolder(env)
  return openCatalog(location, {
    env,
    signal: stop,
    notice: (severity, message) => renderer.say(severity, message),
    ...(location !== '' && folder !== undefined && { cacheFile: catalogCacheFile(folder, location) }),
    ...(imports !== undefined && { imports: new ImportStore(imports) }),
  })
}
