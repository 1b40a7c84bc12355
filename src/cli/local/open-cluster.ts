import type { Catalog } from '../../catalog/catalog.ts'
import { sourceText } from '../../catalog/catalog-source.ts'
import type { Purpose } from '../../config/check-config.ts'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import { type Problem, problemText } from '../../config/yaml/problems.ts'
import type { Deps } from '../../session/deps.ts'
import type { Io } from '../io.ts'
import type { Flags } from '../parsing/flags.ts'
import type { Following } from '../running/follow.ts'
import { loadClusterConfig, loadLocalConfig } from './cluster-file/load-cluster-config.ts'
import { includeReader } from './cluster-file/read-include.ts'
import { openLocalCatalog } from './local-catalog.ts'
import { type OperationInputs, operationInputs } from './operation-inputs.ts'
import { passphraseSource } from './prompts/passphrase.ts'

/** A cluster: its configuration, what operations need to reach its nodes, and the names of its files. */
export interface OpenedCluster extends OperationInputs {
  readonly config: ClusterConfig
}

/**
 * Loads the cluster file that the flags name, reports its warnings, and puts together what operations need.
 * @param local The cluster is this machine alone, through its own Docker.
 * @param builds The operation builds or changes the cluster.
 */
export async function openCluster(
  flags: Flags,
  io: Io,
  following: Following,
  { local = false, builds = false }: { readonly local?: boolean } & Purpose = {},
): Promise<OpenedCluster> {
  const catalog = await openLocalCatalog(flags, io, following)
  const load = local ? loadLocalConfig : loadClusterConfig
  const { config, warnings, ignoreDockerVersion } = await load(flags, catalog, { builds })
  report(warnings, following)
  reportSource(config, catalog, following)
  const passphrase = passphraseSource(io, following.renderer.pause, following.interrupt)
  const inputs = await operationInputs(flags, io, following, { catalog, local, passphrase })
  return { ...inputs, config, options: { ...inputs.options, ignoreDockerVersion } }
}

/** A cluster for commands that contact no node. */
export interface OfflineCluster {
  readonly config: ClusterConfig
  readonly deps: Required<Pick<Deps, 'catalog' | 'readInclude'>>
}

/** The same as `openCluster` for commands that contact no node: no key, state file or certificate is read. */
export async function openOffline(flags: Flags, io: Io, following: Following): Promise<OfflineCluster> {
  const catalog = await openLocalCatalog(flags, io, following)
  const { config, warnings } = await loadClusterConfig(flags, catalog, { builds: false })
  report(warnings, following)
  return { config, deps: { catalog, readInclude: includeReader(flags.text('config'), io.env) } }
}

function report(warnings: readonly Problem[], { renderer }: Following): void {
  for (const warning of warnings) renderer.say('warning', problemText(warning))
}

/** What is not built in is named: another document makes another plan. */
function reportSource({ kubernetesVersion }: ClusterConfig, catalog: Catalog, { renderer }: Following): void {
  const source = catalog.source(kubernetesVersion)
  if (source.kind === 'built-in') return
  const manifests = catalog.hasTemplates(kubernetesVersion)
    ? ', and manifests of add-ons that it has templates of'
    : ''
  renderer.say(
    'info',
    `[metadata] Images and flags of ${kubernetesVersion}${manifests}: ${sourceText(source)}`,
  )
}
