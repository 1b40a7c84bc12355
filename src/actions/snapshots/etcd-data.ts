import { HELPER } from '../../container-names.ts'
import { DISCARD_SCRIPT, PUT_BACK_SCRIPT, SET_ASIDE_SCRIPT } from '../../node/snapshots/etcd-data-scripts.ts'
import { runOnEtcdData } from '../../node/snapshots/run-on-etcd-data.ts'
import type { OfRestore, OnEtcdData } from '../../plan/action/snapshots.ts'
import type { ActionContext, ActionHandler } from '../action-handler.ts'

export const etcdDataSetAside: ActionHandler<'etcd.data.set-aside'> = {
  describe: ({ directory }) => `set the data in ${directory} aside`,
  run: (action, context) => change(action, SET_ASIDE_SCRIPT, context),
}

export const etcdDataPutBack: ActionHandler<'etcd.data.put-back'> = {
  describe: ({ directory }) => `put the data that was set aside back to ${directory}`,
  run: (action, context) => change(action, PUT_BACK_SCRIPT, context),
}

export const etcdDataDiscard: ActionHandler<'etcd.data.discard'> = {
  describe: ({ directory }) => `delete the data that was set aside in ${directory}`,
  run: (action, context) => change(action, DISCARD_SCRIPT, context),
}

async function change(
  { node: address, image, directory, selinux, restore }: OnEtcdData & OfRestore,
  script: string,
  { node, signal }: ActionContext,
): Promise<void> {
  const place = { helper: HELPER.moveEtcdData, image, directory, selinux }
  await runOnEtcdData(node(address), { ...place, script, args: [restore], signal })
}
