import { largestText } from '../../../config/yaml/source-text.ts'
import { ConfigError } from '../../../errors.ts'
import { codeOf } from '../../../files/error-code.ts'
import { readUpTo } from '../../../files/read-file.ts'

const hint = 'name it with --config or RKE_CONFIG'

/**
 * The bytes of a cluster file, at most one more than the largest size allowed.
 * @throws ConfigError if it cannot be read.
 */
export async function readClusterFile(path: string): Promise<Uint8Array> {
  if (path === '') throw new ConfigError('the name of the cluster file is empty', { hint })
  try {
    return await readUpTo(path, largestText + 1)
  } catch (thrown) {
    throw unreadable(path, thrown)
  }
}

/** Why a cluster file could not be read, from the file system's error. */
export function unreadable(path: string, cause: unknown): ConfigError {
  const code = codeOf(cause)
  if (code === 'ENOENT') return new ConfigError(`cannot find the cluster file ${path}`, { hint })
  if (code === 'EISDIR') return new ConfigError(`the cluster file ${path} is a folder`, { hint })
  if (code === 'EACCES' || code === 'EPERM') {
    return new ConfigError(`the cluster file ${path} may not be read by this user`, {
      hint: `give yourself the right to read it (chmod u+r ${path}), or run the program as its owner`,
    })
  }
  return new ConfigError(`cannot read the cluster file ${path}`, { hint, cause })
}
