import { existsSync } from 'node:fs'
import type { Catalog } from '../../catalog/catalog.ts'
import { type CheckedConfig, type CheckFlags, checkConfig, type Purpose } from '../../config/check-config.ts'
import { type LoadedConfig, loadConfig } from '../../config/load-config.ts'
import type { Flags } from '../flags.ts'
import { readClusterBytes } from './cluster-bytes.ts'
import { ownAddress } from './own-address.ts'

/**
 * Reads the cluster file that the flags name.
 * @throws ConfigError if it is not there, or is wrong.
 */
export async function readClusterFile(
  flags: Flags,
  catalog: Catalog,
  purpose: Purpose,
): Promise<LoadedConfig> {
  const path = flags.text('config')
  return loadConfig(await readClusterBytes(path), path, catalog, { ...checkFlags(flags), ...purpose })
}

/** A cluster of one machine needs no file, and its owner need not turn swap off. */
const LOCAL_CLUSTER = 'services: {kubelet: {extra_args: {fail-swap-on: "false"}}}\n'

/** The cluster file for a cluster of this machine alone: its nodes do not count, and it need not be there. */
export async function readLocalCluster(
  flags: Flags,
  catalog: Catalog,
  purpose: Purpose,
): Promise<LoadedConfig> {
  const given = { ...(await localFlags(flags)), ...purpose }
  return loadConfig(await localSource(flags), flags.text('config'), catalog, given)
}

/**
 * The cluster file that the flags name, with all that is wrong with it.
 * @throws ConfigError if it cannot be read.
 */
export async function checkClusterFile(flags: Flags, catalog: Catalog): Promise<CheckedConfig> {
  const path = flags.text('config')
  return flags.on('local')
    ? checkConfig(await localSource(flags), path, catalog, await localFlags(flags))
    : checkConfig(await readClusterBytes(path), path, catalog, checkFlags(flags))
}

async function localSource(flags: Flags): Promise<string | Uint8Array> {
  const path = flags.text('config')
  return existsSync(path) ? readClusterBytes(path) : LOCAL_CLUSTER
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
