import type { IncludedAddon } from '../addons/user-addons.ts'
import type { ClusterConfig } from '../config/cluster-config.ts'
import { ConfigError } from '../errors.ts'
import type { Deps } from './deps.ts'

/**
 * The texts of `addons_include`; items that do not exist are left out.
 * @throws ConfigError if there are items and nothing that reads them.
 */
export async function readIncludes(
  config: ClusterConfig,
  { readInclude }: Pick<Deps, 'readInclude'>,
  signal: AbortSignal,
): Promise<readonly IncludedAddon[]> {
  if (config.addonsInclude.length === 0) return []
  if (readInclude === undefined) {
    throw new ConfigError('addons_include names files or URLs, and nothing was given that reads them', {
      hint: 'give the library a readInclude function',
    })
  }
  const texts = await Promise.all(
    config.addonsInclude.map(async (source) => ({ source, text: await readInclude(source, signal) })),
  )
  return texts.flatMap(({ source, text }) => (text === undefined ? [] : [{ source, text }]))
}
