import type { StepInfo } from '../engine/events.ts'
import type { Action, ActionKind } from '../plan/action.ts'
import { reasonText } from '../reason-text.ts'
import type { ActionContext, ActionHandler } from './action-handler.ts'
import { addonApply } from './addons/addon-apply.ts'
import { addonRemove } from './addons/addon-remove.ts'
import { containerCreate } from './containers/container-create.ts'
import { containerRemove } from './containers/container-remove.ts'
import { containerReplace } from './containers/container-replace.ts'
import { containerRestart } from './containers/container-restart.ts'
import { containerStart } from './containers/container-start.ts'
import { containerStop } from './containers/container-stop.ts'
import { imagePull } from './containers/image-pull.ts'
import { serviceHealth } from './containers/service-health.ts'
import { encryptionVerify } from './etcd/encryption-verify.ts'
import { etcdMemberAdd, etcdMemberPromote, etcdMemberRemove } from './etcd/etcd-members.ts'
import { apiServes } from './kube/api-serves.ts'
import { dnsMove } from './kube/dns-move.ts'
import { encryptionRewrite } from './kube/encryption-rewrite.ts'
import { kubeAuthorization } from './kube/kube-authorization.ts'
import { kubeletsReconnect } from './kube/kubelets-reconnect.ts'
import { leasesRelease } from './kube/leases-release.ts'
import { nodeReady } from './kube/node-ready.ts'
import { nodeRegister } from './kube/node-register.ts'
import { nodeCordon, nodeDelete, nodeDrain, nodeUncordon } from './kube/node-schedule.ts'
import { nodesPrune } from './kube/nodes-prune.ts'
import { rootCaPublished } from './kube/root-ca-published.ts'
import { systemPodsReady } from './kube/system-pods-ready.ts'
import { tokensCheck } from './kube/tokens-check.ts'
import { tokensRenew } from './kube/tokens-renew.ts'
import { workloadRestart } from './kube/workload-restart.ts'
import { etcdPermissions } from './node/etcd-permissions.ts'
import { filesAccess } from './node/files-access.ts'
import { filesRemove } from './node/files-remove.ts'
import { filesUpload } from './node/files-upload.ts'
import { foldersClear } from './node/folders-clear.ts'
import { hostClean } from './node/host-clean.ts'
import { portsCheck } from './node/ports-check.ts'
import { selinuxCheck } from './node/selinux-check.ts'
import { bucketRemove } from './snapshots/bucket-remove.ts'
import { etcdDataDiscard, etcdDataPutBack, etcdDataSetAside } from './snapshots/etcd-data.ts'
import { etcdRestore } from './snapshots/etcd-restore.ts'
import { scratchDelete, snapshotCopy, snapshotUnpack } from './snapshots/fetching.ts'
import { forceNewCluster } from './snapshots/force-new-cluster.ts'
import { recoverData } from './snapshots/recover-data.ts'
import { snapshotDownload } from './snapshots/snapshot-download.ts'
import { snapshotRemove } from './snapshots/snapshot-remove.ts'
import { snapshotSave } from './snapshots/snapshot-save.ts'
import { snapshotState } from './snapshots/snapshot-state.ts'
import { snapshotVerify } from './snapshots/snapshot-verify.ts'
import { encryptionRecord } from './state/encryption-record.ts'
import { restoreBegin, restoreClean, restoreEnd, restoreFinish, restoreUndo } from './state/restore-marks.ts'
import { stateCommit } from './state/state-commit.ts'
import { statePublish } from './state/state-publish.ts'

/** Every kind of action with what does it. A new kind needs a file and a line here. */
const handlers: { readonly [K in ActionKind]: ActionHandler<K> } = {
  'ports.check': portsCheck,
  'selinux.check': selinuxCheck,
  'image.pull': imagePull,
  'files.upload': filesUpload,
  'files.access': filesAccess,
  'files.remove': filesRemove,
  'etcd.permissions': etcdPermissions,
  'container.create': containerCreate,
  'container.replace': containerReplace,
  'container.start': containerStart,
  'container.restart': containerRestart,
  'container.remove': containerRemove,
  'kubelets.reconnect': kubeletsReconnect,
  'service.health': serviceHealth,
  'kube.authorization': kubeAuthorization,
  'node.register': nodeRegister,
  'node.ready': nodeReady,
  'state.commit': stateCommit,
  'state.publish': statePublish,
  'encryption.record': encryptionRecord,
  'encryption.rewrite': encryptionRewrite,
  'encryption.verify': encryptionVerify,
  'addon.apply': addonApply,
  'addon.remove': addonRemove,
  'host.clean': hostClean,
  'folders.clear': foldersClear,
  'etcd.member.add': etcdMemberAdd,
  'etcd.member.promote': etcdMemberPromote,
  'etcd.member.remove': etcdMemberRemove,
  'dns.move': dnsMove,
  'node.cordon': nodeCordon,
  'node.drain': nodeDrain,
  'node.uncordon': nodeUncordon,
  'node.delete': nodeDelete,
  'etcd.data.set-aside': etcdDataSetAside,
  'etcd.data.put-back': etcdDataPutBack,
  'etcd.data.discard': etcdDataDiscard,
  'etcd.restore': etcdRestore,
  'snapshot.remove': snapshotRemove,
  'snapshot.download': snapshotDownload,
  'bucket.remove': bucketRemove,
  'snapshot.state': snapshotState,
  'snapshot.save': snapshotSave,
  'snapshot.verify': snapshotVerify,
  'container.stop': containerStop,
  'etcd.recover.copy': recoverData,
  'etcd.recover.set-aside': recoverData,
  'etcd.recover.keep': recoverData,
  'etcd.recover.discard': recoverData,
  'etcd.force-new-cluster': forceNewCluster,
  'api.serves': apiServes,
  'snapshot.copy': snapshotCopy,
  'snapshot.unpack': snapshotUnpack,
  'scratch.delete': scratchDelete,
  'restore.begin': restoreBegin,
  'restore.clean': restoreClean,
  'restore.finish': restoreFinish,
  'restore.end': restoreEnd,
  'restore.undo': restoreUndo,
  'nodes.prune': nodesPrune,
  'system-pods.ready': systemPodsReady,
  'leases.release': leasesRelease,
  'tokens.check': tokensCheck,
  'root-ca.published': rootCaPublished,
  'workload.restart': workloadRestart,
  'tokens.renew': tokensRenew,
}

/** The handler of an action's own kind; the table pairs them, which the type checker cannot follow by itself. */
function handlerOf<A extends Action>(action: A): ActionHandler<A['kind']> {
  return handlers[action.kind] as ActionHandler<A['kind']>
}

export async function runAction(action: Action, context: ActionContext): Promise<void> {
  await handlerOf(action).run(action as never, context)
}

/** An action as events and plans name it. */
export function stepInfo(action: Action): StepInfo {
  const { id, kind, node, because } = action
  const title = handlerOf(action).describe(action as never)
  const optional = 'optional' in action && action.optional
  const subject = subjectOf(action)
  return {
    id,
    kind,
    ...(subject !== undefined && { subject }),
    title,
    because: because.map(reasonText),
    reasons: because,
    ...(node !== undefined && { node }),
    ...(optional && { optional }),
  }
}

function subjectOf(action: Action): string | undefined {
  if ('container' in action) return action.container.name
  if ('addon' in action) return action.addon
  return 'name' in action ? action.name : undefined
}
