import type { ClusterConfig } from '../../config/cluster-config.ts'
import { problemText } from '../../config/yaml/problems.ts'
import type { Deps } from '../../session/deps.ts'
import type { Flags } from '../flags.ts'
import type { Following } from '../follow.ts'
import type { Io } from '../io.ts'
import { readClusterFile } from './cluster-file.ts'
import { openLocalCatalog } from './local-catalog.ts'
import { includeReader } from './read-include.ts'

/** A cluster as far as its file tells, for commands that reach no machine. */
export interface ReadCluster {
  readonly config: ClusterConfig
  readonly deps: Required<Pick<Deps, 'catalog' | 'readInclude'>>
}

/** Reads the cluster file that the flags name, and tells its warnings. */
export async function readCluster(flags: Flags, io: Io, following: Following): Promise<ReadCluster> {
  const catalog = await openLocalCatalog(io, following)
  const { config, warnings } = await readClusterFile(flags, catalog, { builds: false })
  for (const warning of warnings) following.renderer.say('warning', problemText(warning))
  return { config, deps: { catalog, readInclude: includeReader(flags.text('config'), io.env) } }
}
