import { type KeptDefinitions, withKeptDefinitions } from '../calico/kept-definitions.ts'
import { manifestOver } from '../user-addons.ts'

/**
 * What is to be applied over a stored manifest: with what stays of it, because it could not be had this time, or must not be
 * replaced.
 *
 * @param stored what was applied last, if anything was
 */
export function overStored(
  stored: string | undefined,
  wanted: Parameters<typeof manifestOver>[1],
): KeptDefinitions {
  return withKeptDefinitions(manifestOver(stored, wanted), stored)
}
