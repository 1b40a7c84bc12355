import { compareNumericWords, isAtLeast, minorOf } from './version-order.ts'

/** By minor version from v1.24 on, the newest version in RKE 1.6.3's built-in metadata. */
const NEWEST: Readonly<Record<string, string>> = {
  'v1.24': 'v1.24.17-rancher1-1',
  'v1.25': 'v1.25.16-rancher2-3',
  'v1.26': 'v1.26.15-rancher1-1',
  'v1.27': 'v1.27.16-rancher1-1',
  'v1.28': 'v1.28.14-rancher1-1',
  'v1.29': 'v1.29.9-rancher1-1',
  'v1.30': 'v1.30.5-rancher1-1',
}

/** Whether RKE 1.6.3 accepts the version with its built-in metadata. Of minor versions below v1.24 there are no newer builds. */
export function isKnownToRke(version: string): boolean {
  if (!isAtLeast(version, '1.24.0-rancher0')) return true
  const newest = NEWEST[minorOf(version)]
  return newest !== undefined && compareNumericWords(version, newest) <= 0
}
