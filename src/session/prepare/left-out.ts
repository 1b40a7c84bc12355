import type { OfflinePreparation } from './prepare-offline.ts'

/** What of the user's own manifests cannot be applied, and why. */
export async function leftOutManifests({ user }: OfflinePreparation): Promise<readonly string[]> {
  const { inline, included } = await user
  return [...inline.leftOut, ...included.leftOut]
}
