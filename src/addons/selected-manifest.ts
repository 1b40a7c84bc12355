import type { Catalog } from '../catalog/catalog.ts'
import { ConfigError } from '../errors.ts'
import type { AddonConfig } from './addon-config.ts'
import type { AddonSetting } from './addon-setting.ts'
import type { Manifest, ManifestObject } from './objects/manifest-object.ts'

/** Selects the manifest of a Kubernetes version. */
export type TemplateCatalog = Pick<Catalog, 'addonTemplate'>

export interface SelectedManifest {
  readonly objects: Manifest
  readonly warnings: readonly string[]
  /** What RKE's manifest says otherwise, deliberately. */
  readonly differences?: readonly string[]
  /** Objects to delete, and to see gone, right before the manifest is applied. */
  readonly deleteBefore?: readonly ManifestObject[]
  /** Objects to delete once it is applied. */
  readonly deleteAfter?: readonly ManifestObject[]
  readonly settings?: readonly AddonSetting[]
}

/** A value of cluster.yml that RKE has a manifest for and this program has none. */
export function unsupported(key: string, value: string, supported: readonly string[]): ConfigError {
  return new ConfigError(`${key}: ${value} is not supported yet`, {
    hint: `supported now: ${supported.join(', ')}`,
  })
}

/** The variant for the version; metadata newer than this program gets the newest one, and a warning. */
export function chooseVariant<V>(
  addon: string,
  variants: Readonly<Record<string, V>>,
  config: AddonConfig,
  catalog: TemplateCatalog,
): { variant: V; warnings: readonly string[] } {
  const id = catalog.addonTemplate(addon, config.kubernetesVersion)
  const known = variants[id]
  if (known !== undefined) return { variant: known, warnings: [] }
  const newest = Object.entries(variants).at(-1)
  if (newest === undefined) throw unsupported(`manifest of ${addon}`, id, [])
  return {
    variant: newest[1],
    warnings: [`${addon}: manifest ${id} is not known to this program, ${newest[0]} is used instead`],
  }
}
