import { type IncludedAddon, type UserManifests, userManifests } from '../../addons/user-addons.ts'
import { shownLocation } from '../../catalog/fetch-document.ts'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import { ConfigError, toRkeError } from '../../errors.ts'
import type { Deps } from '../deps.ts'

/**
 * The manifests of `addons` and `addons_include`, as far as they can be had.
 * @throws ConfigError if there are items to read and nothing that reads them.
 */
export async function readUserManifests(
  { addons = '', addonsInclude }: Pick<ClusterConfig, 'addons' | 'addonsInclude'>,
  { readInclude }: Pick<Deps, 'readInclude'>,
  signal: AbortSignal,
): Promise<UserManifests> {
  if (addonsInclude.length === 0) return userManifests(addons, [])
  if (readInclude === undefined) {
    throw new ConfigError('addons_include names files or URLs, and nothing was given that reads them', {
      hint: 'give the library a readInclude function',
    })
  }
  const read = async (item: string): Promise<IncludedAddon> => {
    if (item === '') return { source: '""', failure: 'it names nothing' }
    const source = shownLocation(item)
    try {
      const text = await readInclude(item, signal)
      return text === undefined ? { source, failure: 'there is no such file' } : { source, text }
    } catch (thrown) {
      signal.throwIfAborted()
      return { source, failure: toRkeError(thrown).message }
    }
  }
  return userManifests(addons, await Promise.all(addonsInclude.map(read)))
}
