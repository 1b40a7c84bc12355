import type { AddonManifest } from '../actions/action-handler.ts'
import { type AddonStep, desiredAddons } from '../addons/plan-addons.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { ClusterConfig } from '../config/cluster-config.ts'
import type { Deps } from './deps.ts'
import { readIncludes } from './read-includes.ts'

/** The addons the configuration asks for, with the texts of included ones. */
export async function addonSteps(
  config: ClusterConfig,
  catalog: Catalog,
  deps: Pick<Deps, 'readInclude'>,
  signal: AbortSignal,
): Promise<readonly AddonStep[]> {
  return desiredAddons(config, catalog, await readIncludes(config, deps, signal))
}

/** What the actions of a step need. */
export function manifestOf(step: AddonStep): AddonManifest {
  const { critical } = step
  if (step.kind !== 'deploy') {
    return { critical, text: undefined, deleteBefore: [], deleteAfter: [], settings: [] }
  }
  const { manifest: text, deleteBefore, deleteAfter, settings } = step
  return { critical, text, deleteBefore, deleteAfter, settings }
}
