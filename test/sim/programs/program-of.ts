import { posix } from 'node:path'
import {
  DISCARD_SCRIPT,
  PUT_BACK_SCRIPT,
  RESTORE_SCRIPT,
  SET_ASIDE_SCRIPT,
} from '../../../src/node/snapshots/etcd-data-scripts.ts'
import { INSPECT_SCRIPT } from '../../../src/node/snapshots/inspect-folder.ts'
import { LIST_SCRIPT } from '../../../src/node/snapshots/list-script.ts'
import { READ_SCRIPT } from '../../../src/node/snapshots/read-script.ts'
import {
  COPY_DATA_SCRIPT,
  DISCARD_DATA_SCRIPT,
  KEEP_DATA_SCRIPT,
  READ_DATA_SCRIPT,
  SET_DATA_ASIDE_SCRIPT,
} from '../../../src/node/snapshots/recover-scripts.ts'
import { REMOVE_DOWNLOAD_SCRIPT } from '../../../src/session/snapshots/read-stored.ts'
import type { Program, SimProcess } from '../sim-process.ts'
import { etcd } from './etcd.ts'
import { etcdBackup } from './etcd-backup.ts'
import { discard, putBack, restoreData, setAside } from './etcd-data.ts'
import { copyData, discardData, keepData, readData, setDataAside } from './etcd-recover-data.ts'
import {
  chmodAndChown,
  cleanHost,
  emptyFolders,
  removeDownload,
  removeGivenFiles,
  removeOtherLinks,
} from './helpers.ts'
import { kubeApiserver } from './kube-apiserver.ts'
import { kubeControllerManager, kubelet, kubeProxy, kubeScheduler } from './kube-services.ts'
import { nginxProxy } from './nginx-proxy.ts'
import { inspectFolder, listSnapshots, readSnapshots } from './snapshot-reader.ts'

const PROGRAMS: Readonly<Record<string, Program>> = {
  etcd,
  'kube-apiserver': kubeApiserver,
  'kube-controller-manager': kubeControllerManager,
  'kube-scheduler': kubeScheduler,
  kubelet,
  'kube-proxy': kubeProxy,
  'nginx-proxy': nginxProxy,
  'rke-etcd-backup': etcdBackup,
  rm: removeGivenFiles,
  find: removeOtherLinks,
}

const SCRIPTS: readonly (readonly [text: string, program: Program])[] = [
  ['nsenter', cleanHost],
  ['chmod', chmodAndChown],
  ['-mindepth 1 -maxdepth 1', emptyFolders],
]

/** Scripts of this program, as a whole. */
const OWN_SCRIPTS: ReadonlyMap<string, Program> = new Map<string, Program>([
  [SET_ASIDE_SCRIPT, setAside],
  [PUT_BACK_SCRIPT, putBack],
  [DISCARD_SCRIPT, discard],
  [RESTORE_SCRIPT, restoreData],
  [INSPECT_SCRIPT, inspectFolder],
  [LIST_SCRIPT, listSnapshots],
  [READ_SCRIPT, readSnapshots],
  [READ_DATA_SCRIPT, readData],
  [COPY_DATA_SCRIPT, copyData],
  [SET_DATA_ASIDE_SCRIPT, setDataAside],
  [KEEP_DATA_SCRIPT, keepData],
  [DISCARD_DATA_SCRIPT, discardData],
  [REMOVE_DOWNLOAD_SCRIPT, removeDownload],
])

/** What stands for a program that is not played: it runs if it is to run always, else it ends well at once. */
const anything: Program = ({ container }) =>
  ['', 'no'].includes(container.restartPolicy) ? { exitCode: 0 } : 'running'

/** What becomes of a component with a flag that it does not know, or one that keeps it from its work. */
const FATES: Readonly<Record<string, Program>> = {
  ends: () => ({ exitCode: 1, output: 'unknown flag: --fate\n' }),
  hangs: () => 'running',
}

/** The program that a command line starts. */
export function programOf(process: SimProcess): Program {
  const fate = FATES[process.flag('fate') ?? '']
  if (fate !== undefined) return fate
  const { argv, container } = process
  if (container.name.startsWith('k8s_')) return () => 'running'
  const [first = '', second = '', script = ''] = argv
  // The start script of the Kubernetes components gets the component as its first argument.
  const name = first.endsWith('/entrypoint.sh') ? second : posix.basename(first)
  if (name === 'sh')
    return OWN_SCRIPTS.get(script) ?? SCRIPTS.find(([text]) => script.includes(text))?.[1] ?? anything
  return PROGRAMS[name] ?? anything
}
