import { readFile } from 'node:fs/promises'
import type { Catalog } from '../../catalog/catalog.ts'
import { type LoadedConfig, loadConfig } from '../../config/load-config.ts'
import { ConfigError } from '../../errors.ts'
import type { Flags } from '../flags.ts'

/**
 * Reads the cluster file that the flags name.
 * @throws ConfigError if it is not there, or is wrong.
 */
export async function readClusterFile(flags: Flags, catalog: Catalog): Promise<LoadedConfig> {
  const path = flags.text('config')
  return loadConfig(await readText(path), path, catalog, {
    sshAgentAuth: flags.on('ssh-agent-auth'),
    ignoreDockerVersion: flags.on('ignore-docker-version'),
  })
}

async function readText(path: string): Promise<string> {
  const hint = 'name it with --config or RKE_CONFIG'
  if (path === '') throw new ConfigError('the name of the cluster file is empty', { hint })
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      throw new ConfigError(`cannot find the cluster file ${path}`, { hint })
    }
    throw new ConfigError(`cannot read the cluster file ${path}`, { hint, cause })
  }
}
