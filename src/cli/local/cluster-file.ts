import { existsSync } from 'node:fs'
import type { Catalog } from '../../catalog/catalog.ts'
import { type CheckFlags, checkConfig } from '../../config/check-config.ts'
import { type LoadedConfig, loadConfig } from '../../config/load-config.ts'
import type { Problem } from '../../config/yaml/problems.ts'
import type { Flags } from '../flags.ts'
import { readClusterBytes } from './cluster-bytes.ts'
import { ownAddress } from './own-address.ts'

/**
 * Reads the cluster file that the flags name.
 * @throws ConfigError if it is not there, or is wrong.
 */
export async function readClusterFile(flags: Flags, catalog: Catalog): Promise<LoadedConfig> {
  const path = flags.text('config')
  return loadConfig(await readClusterBytes(path), path, catalog, checkFlags(flags))
}

/** A cluster of one machine needs no file, and its owner need not turn swap off. */
const LOCAL_CLUSTER = 'services: {kubelet: {extra_args: {fail-swap-on: "false"}}}\n'

/** The cluster file for a cluster of this machine alone: its nodes do not count, and it need not be there. */
export async function readLocalCluster(flags: Flags, catalog: Catalog): Promise<LoadedConfig> {
  const path = flags.text('config')
  const source = existsSync(path) ? await readClusterBytes(path) : LOCAL_CLUSTER
  const internalAddress = await ownAddress()
  const local = internalAddress === undefined ? {} : { internalAddress }
  return loadConfig(source, path, catalog, { ...checkFlags(flags), local })
}

/**
 * All that is wrong with the cluster file that the flags name, in its order.
 * @throws ConfigError if it cannot be read.
 */
export async function checkClusterFile(flags: Flags, catalog: Catalog): Promise<readonly Problem[]> {
  const path = flags.text('config')
  return checkConfig(await readClusterBytes(path), path, catalog, checkFlags(flags)).problems
}

const checkFlags = (flags: Flags): CheckFlags => ({
  strict: flags.on('strict'),
  sshAgentAuth: flags.on('ssh-agent-auth'),
  ignoreDockerVersion: flags.on('ignore-docker-version'),
})
