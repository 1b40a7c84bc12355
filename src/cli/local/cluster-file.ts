import { createReadStream } from 'node:fs'
import type { Catalog } from '../../catalog/catalog.ts'
import { type CheckFlags, checkConfig } from '../../config/check-config.ts'
import { type LoadedConfig, loadConfig } from '../../config/load-config.ts'
import type { Problem } from '../../config/yaml/problems.ts'
import { largestText } from '../../config/yaml/source-text.ts'
import { ConfigError } from '../../errors.ts'
import type { Flags } from '../flags.ts'

/**
 * Reads the cluster file that the flags name.
 * @throws ConfigError if it is not there, or is wrong.
 */
export async function readClusterFile(flags: Flags, catalog: Catalog): Promise<LoadedConfig> {
  const path = flags.text('config')
  return loadConfig(await readBytes(path), path, catalog, checkFlags(flags))
}

/**
 * All that is wrong with the cluster file that the flags name, in its order.
 * @throws ConfigError if it cannot be read.
 */
export async function checkClusterFile(flags: Flags, catalog: Catalog): Promise<readonly Problem[]> {
  const path = flags.text('config')
  return checkConfig(await readBytes(path), path, catalog, checkFlags(flags)).problems
}

const checkFlags = (flags: Flags): CheckFlags => ({
  strict: flags.on('strict'),
  sshAgentAuth: flags.on('ssh-agent-auth'),
  ignoreDockerVersion: flags.on('ignore-docker-version'),
})

/** The bytes of the file; of one that is too large only so many that this shows. */
async function readBytes(path: string): Promise<Uint8Array> {
  const hint = 'name it with --config or RKE_CONFIG'
  if (path === '') throw new ConfigError('the name of the cluster file is empty', { hint })
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of createReadStream(path, { end: largestText })) chunks.push(chunk)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ENOENT') throw new ConfigError(`cannot find the cluster file ${path}`, { hint })
    if (code === 'EISDIR') throw new ConfigError(`the cluster file ${path} is a folder`, { hint })
    if (code === 'EACCES' || code === 'EPERM') {
      throw new ConfigError(`the cluster file ${path} may not be read by this user`, {
        hint: `give yourself the right to read it (chmod u+r ${path}), or run the program as its owner`,
      })
    }
    throw new ConfigError(`cannot read the cluster file ${path}`, { hint, cause })
  }
  return Buffer.concat(chunks)
}
