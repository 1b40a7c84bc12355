import type { ClusterConfig } from '../config/cluster-config.ts'
import { type Run, startRun } from '../engine/run.ts'
import { type SigningFile, signingRequests } from '../pki/custom/signing-requests.ts'
import { newKeys } from '../pki/encoding/keys.ts'
import type { Deps } from '../session/deps.ts'

/**
 * Keys and signing requests for all certificates that a cluster needs, for a user's own authority to sign. `files`:
 * the texts of the `.pem` files that there are already, by name; keys among them are used again, and requests that fit.
 */
export function signingFiles(
  config: ClusterConfig,
  files: ReadonlyMap<string, string>,
  { keys = newKeys }: Pick<Deps, 'keys'>,
): Run<readonly SigningFile[]> {
  return startRun(() => signingRequests({ config, files, keys }))
}
