import type { AddonManifest } from '../actions/action-handler.ts'
import { type AddonStep, desiredAddons } from '../addons/plan-addons.ts'
import type { IncludedAddon } from '../addons/user-addons.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { ClusterConfig } from '../config/cluster-config.ts'
import { ConfigError } from '../errors.ts'
import type { Deps } from './deps.ts'

/** The addons the configuration asks for, with the texts of included ones. */
export async function addonSteps(
  config: ClusterConfig,
  catalog: Catalog,
  deps: Pick<Deps, 'readInclude'>,
  signal: AbortSignal,
): Promise<readonly AddonStep[]> {
  return desiredAddons(config, catalog, await readIncludes(config, deps, signal))
}

async function readIncludes(
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

/** What the actions of a step need. */
export function manifestOf(step: AddonStep): AddonManifest {
  const { critical } = step
  if (step.kind !== 'deploy') return { critical, text: undefined, deleteBefore: [], deleteAfter: [] }
  return { critical, text: step.manifest, deleteBefore: step.deleteBefore, deleteAfter: step.deleteAfter }
}
