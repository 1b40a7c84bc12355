import type { Catalog } from '../../catalog/catalog.ts'
import type { Purpose } from '../../config/check-config.ts'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import { problemText } from '../../config/yaml/problems.ts'
import { readText } from '../../files/read-file.ts'
import { sshTransports } from '../../node/transport/ssh-transport.ts'
import type { Deps, RunOptions } from '../../session/deps.ts'
import { type FileNames, fileNames } from '../../state/file-names.ts'
import { FileStateStore } from '../../state/file-state-store.ts'
import type { Flags } from '../flags.ts'
import type { Following } from '../follow.ts'
import type { Io } from '../io.ts'
import { readCertificates } from './certificate-folder.ts'
import { readClusterFile, readLocalCluster } from './cluster-file.ts'
import { saveKubeconfig } from './kubeconfig-file.ts'
import { openLocalCatalog } from './local-catalog.ts'
import { localDocker } from './local-docker.ts'
import { passphraseSource } from './passphrase.ts'
import { includeReader } from './read-include.ts'
import { secretSources } from './secret-sources.ts'
import { whoAmI } from './who-am-i.ts'

const LARGEST_KEY = 1024 * 1024

/** A cluster as this machine knows it: its file, what operations need to reach it, and where things are kept. */
export interface LocalCluster {
  readonly config: ClusterConfig
  readonly deps: Deps
  readonly options: RunOptions
  readonly files: FileNames
}

/**
 * Reads the cluster file that the flags name, tells its warnings, and gets together what operations need.
 * @param local The cluster is this machine alone, through its own Docker.
 * @param builds It is to be built or changed.
 */
export async function openCluster(
  flags: Flags,
  io: Io,
  following: Following,
  { local = false, builds = false }: { readonly local?: boolean } & Purpose = {},
): Promise<LocalCluster> {
  const catalog = await openLocalCatalog(io, following)
  const { config, warnings, ignoreDockerVersion } = await (local ? readLocalCluster : readClusterFile)(
    flags,
    catalog,
    { builds },
  )
  for (const warning of warnings) following.renderer.say('warning', problemText(warning))
  const passphrase = passphraseSource(io, following.renderer.pause, following.interrupt)
  const around = await surroundings(flags, io, following, { catalog, local, passphrase })
  return { ...around, config, options: { ...around.options, ignoreDockerVersion } }
}

interface Means {
  readonly catalog: Catalog
  readonly local: boolean
  /** Gets the passphrase of an SSH key; `undefined` if there is nobody to ask. */
  readonly passphrase: (keyPath: string) => Promise<string | undefined>
}

/** What this machine has for operations on the cluster that the flags name. */
export async function surroundings(
  flags: Flags,
  io: Io,
  { abort, renderer, stop }: Pick<Following, 'abort' | 'renderer' | 'stop'>,
  { catalog, local, passphrase }: Means,
): Promise<Omit<LocalCluster, 'config'>> {
  const files = fileNames(flags.text('config'))
  const { transports, keys, clock } = io.world ?? {}
  const agentSocket = io.env.SSH_AUTH_SOCK
  const deps: Deps = {
    catalog,
    store: new FileStateStore(files.state),
    transports:
      transports ??
      (local ? (await localDocker(io.env)).transports : undefined) ??
      sshTransports({
        env: io.env,
        ...(agentSocket !== undefined && { agentSocket }),
        readFile: (path) => readText(path, LARGEST_KEY),
        passphrase,
      }),
    ...(keys && { keys }),
    ...(clock && { clock }),
    readInclude: includeReader(files.config, io.env),
    secrets: secretSources(files.config, io.env),
    saveKubeconfig: async (kubeconfig) => {
      const written = await saveKubeconfig(files.kubeconfig, kubeconfig)
      if (written) renderer.say('info', `[state] Wrote the kubeconfig [${files.kubeconfig}]`)
    },
  }
  const nodes = flags.list('nodes')
  const options: RunOptions = {
    owner: whoAmI(files.config, io.env),
    breakLock: flags.on('break-lock'),
    updateOnly: flags.on('update-only'),
    ...(nodes.length > 0 && { nodes }),
    drain: !flags.on('no-drain'),
    ...(flags.on('custom-certs') && {
      certificates: await readCertificates(flags.text('cert-dir') || files.certificates),
    }),
    signal: stop,
    abort,
    kubeconfigPath: files.kubeconfig,
    checkPorts: !flags.on('disable-port-check'),
    skipUnreachable: flags.on('skip-unreachable'),
  }
  return { deps, options, files }
}
