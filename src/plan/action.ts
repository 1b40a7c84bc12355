import type { Access, ContainerSpec, FileSpec, HealthCheck } from '../desired/container-spec.ts'
import type { Step } from '../engine/step.ts'
import type { KubeObject } from '../kube/objects/kube-object.ts'
import type { Secret } from '../secret.ts'

interface Base extends Step {
  /** Why it is done, in the words of a person: `image v1.30.4 → v1.31.1`. */
  readonly because: readonly string[]
}

interface OnNode extends Base {
  readonly node: string
}

/** Asks from each source whether the target's port can be reached; nothing is started for it. */
export interface PortsCheck extends Base {
  readonly kind: 'ports.check'
  readonly routes: readonly Route[]
  /** Ports of nodes on which nothing of ours runs yet: nobody else may listen there. */
  readonly free: readonly Route[]
}

export interface Route {
  /** Address of the node that dials. */
  readonly from: string
  /** Address as that node sees it. */
  readonly host: string
  readonly port: number
}

/** Proves that Docker accepts the SELinux type of our containers. */
export interface SelinuxCheck extends OnNode {
  readonly kind: 'selinux.check'
  readonly image: string
}

export interface ImagePull extends OnNode {
  readonly kind: 'image.pull'
  readonly image: string
}

/** Writes files in one archive, through a container of `image` that is never started. */
export interface FilesUpload extends OnNode {
  readonly kind: 'files.upload'
  readonly image: string
  /** /etc/kubernetes, below the node's prefix path. */
  readonly folder: string
  readonly files: readonly FileSpec[]
}

/** Gives files and folders their mode and owner; what they hold stays. */
export interface FilesAccess extends OnNode {
  readonly kind: 'files.access'
  readonly image: string
  /** /etc/kubernetes, below the node's prefix path. */
  readonly folder: string
  readonly entries: readonly (Access & {
    /** Absolute, below `folder`. */
    readonly path: string
  })[]
}

/** Removes single files; those that are not there are no error. */
export interface FilesRemove extends OnNode {
  readonly kind: 'files.remove'
  readonly image: string
  /** /etc/kubernetes, below the node's prefix path. */
  readonly folder: string
  /** Absolute, below `folder`. */
  readonly paths: readonly string[]
}

/** Gives etcd's data directory its mode and owner. */
export interface EtcdPermissions extends OnNode {
  readonly kind: 'etcd.permissions'
  readonly image: string
  readonly directory: string
  readonly user?: string
}

export interface ContainerCreate extends OnNode {
  readonly kind: 'container.create'
  readonly container: ContainerSpec
  /** Image of the helper through which the link to its log is made. */
  readonly helperImage: string
  readonly dockerRootDir: string
  /** The node may have links to logs of this one's predecessors. */
  readonly mayHaveOtherLinks: boolean
}

export interface ContainerReplace extends OnNode {
  readonly kind: 'container.replace'
  readonly container: ContainerSpec
  readonly helperImage: string
  readonly dockerRootDir: string
}

export interface ContainerStart extends OnNode {
  readonly kind: 'container.start'
  readonly container: ContainerSpec
  readonly helperImage: string
  readonly dockerRootDir: string
  readonly mayHaveOtherLinks: boolean
}

export interface ContainerRestart extends OnNode {
  readonly kind: 'container.restart'
  readonly name: string
}

export interface ContainerRemove extends OnNode {
  readonly kind: 'container.remove'
  readonly name: string
  /** Its log has a link, under this name, which goes first. */
  readonly linked?: { readonly as: string; readonly helperImage: string }
}

/** Has the API server of a node open a connection to a kubelet, so that it takes up its new certificate. */
export interface KubeletsReconnect extends OnNode {
  readonly kind: 'kubelets.reconnect'
  readonly interruptible: true
}

/** Waits until a component says that it is well. */
export interface ServiceHealth extends OnNode {
  readonly kind: 'service.health'
  readonly name: string
  readonly check: HealthCheck
  readonly interruptible: true
}

/** Creates or updates the objects that let nodes and addon Jobs use the API. */
export interface KubeAuthorization extends Base {
  readonly kind: 'kube.authorization'
  readonly objects: readonly KubeObject[]
}

/** Labels, annotations and taints of a Node; waits until the kubelet has registered it. */
export interface NodeRegister extends OnNode {
  readonly kind: 'node.register'
  readonly hostname: string
  /** Worker components are deployed in this run, so that taints of the roles are set again. */
  readonly deployed: boolean
}

export interface NodeReady extends OnNode {
  readonly kind: 'node.ready'
  readonly hostname: string
  readonly interruptible: true
}

/** Makes the configuration that was just applied the current half of the state. */
export interface StateCommit extends Base {
  readonly kind: 'state.commit'
}

/** Copies the state to the Secret in the cluster. */
export interface StatePublish extends Base {
  readonly kind: 'state.publish'
}

/** Notes in the state how Secrets are encrypted from now on, before anybody does it. */
export interface EncryptionRecord extends Base {
  readonly kind: 'encryption.record'
  readonly text: Secret<string>
  /** It holds a key that was made in this run. */
  readonly generated: boolean
}

/** Writes every Secret back as it is, so that the API server stores it in the way it does now. */
export interface SecretsRewrite extends Base {
  readonly kind: 'secrets.rewrite'
}

/** Stores an addon's manifest and runs the Job that applies it. */
export interface AddonApply extends Base {
  readonly kind: 'addon.apply'
  readonly addon: string
  readonly optional: boolean
  /** Hash of the manifest, so that a plan with another one is another plan. */
  readonly digest: string
}

/** Runs the Job that deletes what an addon's stored manifest holds. */
export interface AddonRemove extends Base {
  readonly kind: 'addon.remove'
  readonly addon: string
  readonly optional: boolean
}

/**
 * Takes off a machine what of a cluster is there when it is run: containers of pods above all, processes, mounts,
 * folders, network devices, packet filter rules.
 */
export interface HostClean extends OnNode {
  readonly kind: 'host.clean'
  /** `undefined`: there is none that can do it, so that only containers are removed. */
  readonly image: string | undefined
  /** Containers of pods that were there when the plan was made. */
  readonly pods: number
  /** Names of other containers that are removed if they are there. */
  readonly containers: readonly string[]
  /** Removed with all that is in them. */
  readonly folders: readonly string[]
  /** Emptied of files; the folders stay. */
  readonly watchedFolders: readonly string[]
  /** Removed if nothing is in them. */
  readonly emptyFolders: readonly string[]
}

/** Empties folders of a node; the folders stay. */
export interface FoldersClear extends OnNode {
  readonly kind: 'folders.clear'
  readonly image: string
  readonly folders: readonly string[]
}

/** Adds a member for a node that joins, without a vote until it has the data. */
export interface EtcdMemberAdd extends OnNode {
  readonly kind: 'etcd.member.add'
  readonly internalAddress: string
  /** Addresses of nodes whose members may be asked, in order. */
  readonly through: readonly string[]
}

/** Gives a member that has caught up its vote. */
export interface EtcdMemberPromote extends OnNode {
  readonly kind: 'etcd.member.promote'
  readonly internalAddress: string
  readonly through: readonly string[]
}

/** Takes a node's member out of etcd, if the others keep their quorum. */
export interface EtcdMemberRemove extends OnNode {
  readonly kind: 'etcd.member.remove'
  readonly hostname: string
  readonly internalAddress: string
  readonly through: readonly string[]
  /** Nodes whose members may count for the quorum: those that stay, and those that leave later. */
  readonly voters: readonly string[]
}

/** Keeps new pods off a node: as a cordon does while its components are changed, or all of them before it leaves. */
export interface NodeCordon extends OnNode {
  readonly kind: 'node.cordon'
  readonly hostname: string
  /** Pods that a cordon does not keep off are kept off, too, as nothing that comes now could stay. */
  readonly leaves: boolean
}

/** Moves servers of the cluster's DNS off a node that gets no new pods, so that one is Ready all the time. */
export interface DnsMove extends OnNode {
  readonly kind: 'dns.move'
  readonly hostname: string
  readonly options: DrainSettings
}

export interface NodeDrain extends OnNode {
  readonly kind: 'node.drain'
  readonly hostname: string
  readonly options: DrainSettings
  /** It is over only when the addons that ran there are Ready elsewhere. */
  readonly leaves: boolean
}

/** Lets pods onto a node again that this program, not somebody else, has cordoned. */
export interface NodeUncordon extends OnNode {
  readonly kind: 'node.uncordon'
  readonly hostname: string
}

/** Deletes a Node with the pods that are still on it. */
export interface NodeDelete extends OnNode {
  readonly kind: 'node.delete'
  readonly hostname: string
}

/** `upgrade_strategy.node_drain_input`. */
export interface DrainSettings {
  readonly force: boolean
  readonly ignoreDaemonSets: boolean
  readonly deleteLocalData: boolean
  /** Seconds; negative: the pod's own. */
  readonly gracePeriod: number
  /** Seconds for the whole node. */
  readonly timeout: number
}

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
  | SecretsRewrite
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

export type ActionKind = Action['kind']
export type ActionOf<K extends ActionKind> = Extract<Action, { kind: K }>
