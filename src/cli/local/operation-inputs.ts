import type { Catalog } from '../../catalog/catalog.ts'
import { readText } from '../../files/read-file.ts'
import { sshTransports } from '../../node/transport/ssh-transport.ts'
import type { Deps, RunOptions } from '../../session/deps.ts'
import { type FileNames, fileNames } from '../../state/file-names.ts'
import { FileStateStore } from '../../state/file-state-store.ts'
import type { Io } from '../io.ts'
import type { Flags } from '../parsing/flags.ts'
import type { Following } from '../running/follow.ts'
import { includeReader } from './cluster-file/read-include.ts'
import { secretSources } from './cluster-file/secret-sources.ts'
import { readAuthorityFiles } from './files/authority-files.ts'
import { readCertificates } from './files/certificate-folder.ts'
import { saveKubeconfig } from './files/kubeconfig-file.ts'
import { localDocker } from './local-docker.ts'
import { whoAmI } from './who-am-i.ts'

const LARGEST_KEY = 1024 * 1024

/** What operations on a cluster get from this machine, and the names of the cluster's files. */
export interface OperationInputs {
  readonly deps: Deps
  readonly options: RunOptions
  readonly files: FileNames
}

/** What the composition of dependencies depends on besides the flags. */
export interface InputChoices {
  readonly catalog: Catalog
  /** The cluster is this machine alone, through its own Docker. */
  readonly local: boolean
  /** Gets the passphrase of an SSH key; `undefined` if nobody can be asked. */
  readonly passphrase: (keyPath: string) => Promise<string | undefined>
}

/** The dependencies and options that the flags and the environment give to operations on a cluster. */
export async function operationInputs(
  flags: Flags,
  io: Io,
  { abort, renderer, stop }: Pick<Following, 'abort' | 'renderer' | 'stop'>,
  { catalog, local, passphrase }: InputChoices,
): Promise<OperationInputs> {
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
  const authority = await readAuthorityFiles(flags, io.env)
  const options: RunOptions = {
    owner: whoAmI(files.config, io.env),
    breakLock: flags.on('break-lock'),
    updateOnly: flags.on('update-only'),
    ...(nodes.length > 0 && { nodes }),
    drain: !flags.on('no-drain'),
    ...(flags.on('custom-certs') && {
      certificates: await readCertificates(flags.text('cert-dir') || files.certificates),
    }),
    ...(authority && { authority }),
    signal: stop,
    abort,
    kubeconfigPath: files.kubeconfig,
    checkPorts: !flags.on('disable-port-check'),
    skipUnreachable: flags.on('skip-unreachable'),
    ignorePodSecurityPolicies: flags.on('ignore-pod-security-policies'),
  }
  return { deps, options, files }
}
