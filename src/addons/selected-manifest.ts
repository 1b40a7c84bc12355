import type { Catalog } from '../catalog/catalog.ts'
import { isAtLeast } from '../catalog/version-order.ts'
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

/**
 * The manifest of an addon; nothing for one that is not wanted, and `unknown` where the addon is wanted, but nobody has its
 * manifest for this Kubernetes version.
 */
export type Selection = SelectedManifest | 'unknown' | undefined

/** A value of cluster.yml that RKE has a manifest for and this program has none. */
export function unsupported(key: string, value: string, supported: readonly string[]): ConfigError {
  return new ConfigError(`${key}: ${value} is not supported yet`, {
    hint: `supported now: ${supported.join(', ')}`,
  })
}

/** From here on, the manifests of all versions are built in. */
const ALL_MANIFESTS = '1.24.0-rancher0'

/**
 * The variant for the version; metadata newer than this program gets the newest one, and a warning. For a version that is
 * older than the manifests of this program there is none.
 */
export function chooseVariant<V>(
  addon: string,
  variants: Readonly<Record<string, V>>,
  config: AddonConfig,
  catalog: TemplateCatalog,
): { variant: V; warnings: readonly string[] } | undefined {
  const id = catalog.addonTemplate(addon, config.kubernetesVersion)
  const known = variants[id]
  if (known !== undefined) return { variant: known, warnings: [] }
  if (!isAtLeast(config.kubernetesVersion, ALL_MANIFESTS)) return undefined
  const newest = Object.entries(variants).at(-1)
  if (newest === undefined) throw unsupported(`manifest of ${addon}`, id, [])
  return {
    variant: newest[1],
    warnings: [`${addon}: manifest ${id} is not known to this program, ${newest[0]} is used instead`],
  }
}
