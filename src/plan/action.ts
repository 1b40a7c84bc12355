import type { AddonApply, AddonRemove } from './action/addons.ts'
import type { PortsCheck, SelinuxCheck } from './action/checks.ts'
import type {
  ContainerCreate,
  ContainerRemove,
  ContainerReplace,
  ContainerRestart,
  ContainerStart,
  ImagePull,
  ServiceHealth,
} from './action/containers.ts'
import type { DnsMove, NodeCordon, NodeDrain, NodeUncordon } from './action/drain.ts'
import type { EtcdMemberAdd, EtcdMemberPromote, EtcdMemberRemove } from './action/etcd-members.ts'
import type { EtcdPermissions, FilesAccess, FilesRemove, FilesUpload, FoldersClear } from './action/files.ts'
import type { HostClean } from './action/host-clean.ts'
import type {
  KubeletsReconnect,
  NodeDelete,
  NodeReady,
  NodeRegister,
  NodesPrune,
  SystemPodsReady,
} from './action/kube-nodes.ts'
import type {
  EncryptionRewrite,
  EncryptionVerify,
  KubeAuthorization,
  LeasesRelease,
  TokensCheck,
} from './action/kube-objects.ts'
import type { ApiServes, ContainerStop, EtcdForceNewCluster, EtcdRecoverData } from './action/recover.ts'
import type { RootCaPublished, TokensRenew, WorkloadRestart } from './action/root-ca.ts'
import type {
  BucketRemove,
  EtcdDataDiscard,
  EtcdDataPutBack,
  EtcdDataSetAside,
  EtcdRestore,
  ScratchDelete,
  SnapshotCopy,
  SnapshotDownload,
  SnapshotRemove,
  SnapshotSave,
  SnapshotState,
  SnapshotUnpack,
  SnapshotVerify,
} from './action/snapshots.ts'
import type {
  EncryptionRecord,
  RestoreBegin,
  RestoreClean,
  RestoreEnd,
  RestoreFinish,
  RestoreUndo,
  StateCommit,
  StatePublish,
} from './action/state.ts'

export type Action =
  | PortsCheck
  | SelinuxCheck
  | ImagePull
  | FilesUpload
  | FilesAccess
  | FilesRemove
  | EtcdPermissions
  | ContainerCreate
  | ContainerReplace
  | ContainerStart
  | ContainerRestart
  | ContainerRemove
  | KubeletsReconnect
  | ServiceHealth
  | KubeAuthorization
  | NodeRegister
  | NodeReady
  | StateCommit
  | StatePublish
  | EncryptionRecord
  | EncryptionRewrite
  | EncryptionVerify
  | AddonApply
  | AddonRemove
  | HostClean
  | FoldersClear
  | EtcdMemberAdd
  | EtcdMemberPromote
  | EtcdMemberRemove
  | NodeCordon
  | DnsMove
  | NodeDrain
  | NodeUncordon
  | NodeDelete
  | EtcdDataSetAside
  | EtcdDataPutBack
  | EtcdDataDiscard
  | EtcdRestore
  | SnapshotRemove
  | SnapshotDownload
  | BucketRemove
  | SnapshotState
  | SnapshotSave
  | SnapshotVerify
  | ContainerStop
  | EtcdRecoverData
  | EtcdForceNewCluster
  | ApiServes
  | SnapshotCopy
  | SnapshotUnpack
  | ScratchDelete
  | RestoreBegin
  | RestoreClean
  | RestoreFinish
  | RestoreEnd
  | RestoreUndo
  | NodesPrune
  | SystemPodsReady
  | LeasesRelease
  | TokensCheck
  | RootCaPublished
  | WorkloadRestart
  | TokensRenew

export type ActionKind = Action['kind']
export type ActionOf<K extends ActionKind> = Extract<Action, { kind: K }>
