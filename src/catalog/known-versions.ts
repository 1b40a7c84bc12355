import type { Metadata } from './metadata.ts'
import { compareNumericWords, minorOf } from './version-order.ts'

/** The RKE release whose metadata rules this program follows. */
export const equivalentRkeVersion = 'v1.6.3'

export interface KnownVersions {
  /** Usable, oldest first. */
  readonly known: readonly string[]
  /** The newest of each supported minor, oldest first. */
  readonly current: readonly string[]
  readonly default: string
}

/** Which versions of `metadata` RKE of version `rke` (with its `v`) can use, and which it lists. */
export function knownVersions(metadata: Metadata, rke: string): KnownVersions {
  const known: string[] = []
  const newest = new Map<string, string>()
  for (const version of Object.keys(metadata.K8sVersionRKESystemImages).sort(compareNumericWords)) {
    const info = metadata.K8sVersionInfo[version]
    if (info?.deprecateRKEVersion && compareNumericWords(rke, info.deprecateRKEVersion) >= 0) continue
    if (info?.minRKEVersion && compareNumericWords(rke, info.minRKEVersion) < 0) continue
    known.push(version)
    const newestRke = metadata.K8sVersionInfo[minorOf(version)]?.maxRKEVersion
    if (newestRke && compareNumericWords(rke, newestRke) > 0) continue
    newest.set(minorOf(version), version)
  }
  const defaults = metadata.RKEDefaultK8sVersions
  return {
    known,
    current: [...newest.values()],
    default: defaults[rke.replace(/^v/, '')] ?? defaults.default ?? '',
  }
}
