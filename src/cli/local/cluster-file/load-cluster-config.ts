import { existsSync } from 'node:fs'
import type { Catalog } from '../../../catalog/catalog.ts'
import {
  type CheckedConfig,
  type CheckFlags,
  checkConfig,
  type Purpose,
} from '../../../config/check-config.ts'
import { type LoadedConfig, loadConfig } from '../../../config/load-config.ts'
import type { Flags } from '../../parsing/flags.ts'
import { ownAddress } from '../own-address.ts'
import { readClusterFile } from './read-cluster-file.ts'

/**
 * The configuration in the cluster file that the flags name.
 * @throws ConfigError if the file cannot be read or has errors.
 */
export async function loadClusterConfig(
  flags: Flags,
  catalog: Catalog,
  purpose: Purpose,
): Promise<LoadedConfig> {
  const path = flags.text('config')
  return loadConfig(await readClusterFile(path), path, catalog, { ...checkFlags(flags), ...purpose })
}

/** The default configuration of a local cluster; it tolerates swap. */
const LOCAL_CLUSTER = 'services: {kubelet: {extra_args: {fail-swap-on: "false"}}}\n'

/** The configuration of a cluster that is this machine alone: the file's nodes are ignored, and the file is optional. */
export async function loadLocalConfig(
  flags: Flags,
  catalog: Catalog,
  purpose: Purpose,
): Promise<LoadedConfig> {
  const given = { ...(await localFlags(flags)), ...purpose }
  return loadConfig(await localSource(flags), flags.text('config'), catalog, given)
}

/**
 * The cluster file that the flags name, with every error and warning in it.
 * @throws ConfigError if the file cannot be read.
 */
export async function checkClusterConfig(flags: Flags, catalog: Catalog): Promise<CheckedConfig> {
  const path = flags.text('config')
  return flags.on('local')
    ? checkConfig(await localSource(flags), path, catalog, await localFlags(flags))
    : checkConfig(await readClusterFile(path), path, catalog, checkFlags(flags))
}

async function localSource(flags: Flags): Promise<string | Uint8Array> {
  const path = flags.text('config')
  return existsSync(path) ? readClusterFile(path) : LOCAL_CLUSTER
}

async function localFlags(flags: Flags): Promise<CheckFlags> {
  const internalAddress = await ownAddress()
  const local = internalAddress === undefined ? {} : { internalAddress }
  return { ...checkFlags(flags), local }
}

const checkFlags = (flags: Flags): CheckFlags => ({
  strict: flags.on('strict'),
  sshAgentAuth: flags.on('ssh-agent-auth'),
  ignoreDockerVersion: flags.on('ignore-docker-version'),
})
