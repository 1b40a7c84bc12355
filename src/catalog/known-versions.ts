import type { Metadata } from './metadata.ts'
import { compareNumericWords, minorOf } from './version-order.ts'

/** The RKE release this program answers for when metadata asks which RKE it is read by. */
export const equivalentRkeVersion = 'v1.6.3'

export interface KnownVersions {
  /** Usable, oldest first. */
  readonly known: readonly string[]
  /** The newest of each minor that is still offered, oldest first. */
  readonly current: readonly string[]
  readonly default: string
}

/** Which versions of `metadata` an RKE of version `rke` (with its `v`) can use, and which it offers. */
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
