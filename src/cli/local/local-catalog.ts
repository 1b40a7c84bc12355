import { isAbsolute, join } from 'node:path'
import type { Catalog } from '../../catalog/catalog.ts'
import { catalogCacheFile, openCatalog } from '../../catalog/open-catalog.ts'
import { expandHome } from '../../node/ssh/login/home.ts'
import type { Environment, Io } from '../io.ts'
import type { Following } from '../running/follow.ts'

/**
 * The catalogue that RANCHER_METADATA_URL names, or the built-in one. A fetched document is kept in the
 * user's cache folder and used, with a warning, when it cannot be fetched again.
 * @throws CatalogError if the document cannot be read or is invalid.
 */
export function openLocalCatalog({ env }: Pick<Io, 'env'>, { renderer, stop }: Following): Promise<Catalog> {
  const location = env.RANCHER_METADATA_URL
  const folder = cacheFolder(env)
  return openCatalog(location, {
    env,
    signal: stop,
    notice: (severity, message) => renderer.say(severity, message),
    ...(location && folder !== undefined && { cacheFile: catalogCacheFile(folder, location) }),
  })
}

/** The user's cache folder (XDG Base Directory Specification); `undefined` without a home folder. */
function cacheFolder(env: Environment): string | undefined {
  const given = env.XDG_CACHE_HOME ?? ''
  const folder = isAbsolute(given) ? given : expandHome('~/.cache', env)
  return isAbsolute(folder) ? join(folder, 'rke') : undefined
}
