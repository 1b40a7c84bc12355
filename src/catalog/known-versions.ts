import type { Metadata } from './metadata.ts'
import { compareNumericWords, inNumericOrder, minorOf } from './version-order.ts'

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
  const passed = minorsPassedBy(rke, metadata)
  for (const version of inNumericOrder(Object.keys(metadata.K8sVersionRKESystemImages))) {
    const info = metadata.K8sVersionInfo[version]
    if (info?.deprecateRKEVersion && compareNumericWords(rke, info.deprecateRKEVersion) >= 0) continue
    if (info?.minRKEVersion && compareNumericWords(rke, info.minRKEVersion) < 0) continue
    known.push(version)
    const minor = minorOf(version)
    if (!passed.has(minor)) newest.set(minor, version)
  }
  const defaults = metadata.RKEDefaultK8sVersions
  return {
    known,
    current: [...newest.values()],
    default: defaults[rke.replace(/^v/, '')] ?? defaults.default ?? '',
  }
}

/** Keys of the metadata's ranges, minor versions among them, that end before this RKE. */
function minorsPassedBy(rke: string, { K8sVersionInfo }: Metadata): ReadonlySet<string> {
  const passed = Object.entries(K8sVersionInfo).filter(
    ([, { maxRKEVersion }]) => maxRKEVersion && compareNumericWords(rke, maxRKEVersion) > 0,
  )
  return new Set(passed.map(([minor]) => minor))
}
