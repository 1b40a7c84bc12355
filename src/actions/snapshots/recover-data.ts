import { HELPER } from '../../container-names.ts'
import { BEFORE_RECOVER } from '../../node/snapshots/etcd-data-scripts.ts'
import {
  COPY_DATA_SCRIPT,
  DISCARD_DATA_SCRIPT,
  KEEP_DATA_SCRIPT,
  SET_DATA_ASIDE_SCRIPT,
} from '../../node/snapshots/recover-scripts.ts'
import { runOnEtcdData } from '../../node/snapshots/run-on-etcd-data.ts'
import type { EtcdRecoverData } from '../../plan/action/recover.ts'
import type { ActionContext, ActionHandler } from '../action-handler.ts'

/** Databases may have gigabytes. */
const LIMIT_MS = 60 * 60_000

const WORK = {
  'etcd.recover.copy': {
    script: COPY_DATA_SCRIPT,
    title: (directory) => `copy ${directory}/member to ${directory}/${BEFORE_RECOVER}`,
  },
  'etcd.recover.set-aside': {
    script: SET_DATA_ASIDE_SCRIPT,
    title: (directory) => `move ${directory}/member to ${directory}/${BEFORE_RECOVER}`,
  },
  'etcd.recover.keep': {
    script: KEEP_DATA_SCRIPT,
    title: (directory) => `keep ${directory}/${BEFORE_RECOVER} under a name with the time`,
  },
  'etcd.recover.discard': {
    script: DISCARD_DATA_SCRIPT,
    title: (directory) => `delete ${directory}/${BEFORE_RECOVER}-*`,
  },
} satisfies Record<EtcdRecoverData['kind'], { script: string; title: (directory: string) => string }>

const describe = ({ kind, directory }: EtcdRecoverData): string => WORK[kind].title(directory)

async function run(action: EtcdRecoverData, { node, signal }: ActionContext): Promise<void> {
  const { kind, image, directory, selinux } = action
  const place = { helper: HELPER.keepEtcdData, image, directory, selinux }
  const { script } = WORK[kind]
  await runOnEtcdData(node(action.node), { ...place, script, limitMs: LIMIT_MS, signal })
}

/** Each of the kinds does its own script. */
export const recoverData = { describe, run } satisfies ActionHandler<EtcdRecoverData['kind']>
