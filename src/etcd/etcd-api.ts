export interface EtcdMember {
  /** uint64 in decimal digits: too large for a number. */
  readonly id: string
  /** `etcd-<hostnameOverride>`; empty until an added member has started. */
  readonly name: string
  readonly peerURLs: readonly string[]
  readonly clientURLs: readonly string[]
  /** A member that receives the data but has no vote yet. */
  readonly isLearner: boolean
}

/** `/v3/maintenance/status` of the asked member. */
export interface EtcdStatus {
  readonly memberId: string
  /** Of the key-value store; 0 where the member does not say. */
  readonly revision: number
  readonly version: string
  /** Bytes. */
  readonly dbSize: number
  /** Id of the leader it knows; `0` if none. */
  readonly leader: string
  readonly raftIndex: bigint
  readonly raftTerm: bigint
  readonly isLearner: boolean
}

/** The beginning of a value: enough to see with which key Kubernetes has encrypted it. */
export interface ValueHead {
  readonly key: string
  /** Its first bytes, at most `HEAD_BYTES`, one character each. */
  readonly head: string
}

/** Values in the order of their keys. */
export interface ValueHeads {
  readonly heads: readonly ValueHead[]
  /** There are further ones, after the last key of these. */
  readonly more: boolean
}

/** How much of a value is kept of what etcd answers. */
export const HEAD_BYTES = 128

/**
 * The etcd requests that this program makes to one member, through the JSON gateway of etcd 3.4 and later on the
 * client port. Every failure is an `EtcdError`, a `DeadlineError` or a `CancelledError`.
 */
export interface EtcdApi {
  /**
   * Members as the quorum knows them; without a quorum this fails after 10 s. With `local`, members as this member
   * knows them, which may be out of date.
   */
  members(signal?: AbortSignal, options?: { readonly local?: boolean }): Promise<readonly EtcdMember[]>
  /** Adds a member that has not started yet. A learner gets a vote only by `promoteMember`. */
  addMember(
    peerURLs: readonly string[],
    options?: { readonly learner?: boolean; readonly signal?: AbortSignal },
  ): Promise<EtcdMember>
  /** Makes a learner a voting member; refused (`LearnerBehindError`) until it has caught up. */
  promoteMember(id: string, signal?: AbortSignal): Promise<void>
  /** Removes a member; one that is absent counts as removed. */
  removeMember(id: string, signal?: AbortSignal): Promise<void>
  /** Transfers the leadership to another voting member; refused unless this member leads. */
  moveLeader(targetId: string, signal?: AbortSignal): Promise<void>
  status(signal?: AbortSignal): Promise<EtcdStatus>
  /** How the values of the keys below `prefix` begin, at most `limit` of them, those after the key `after`. */
  heads(
    prefix: string,
    page: { readonly limit: number; readonly after?: string | undefined },
    signal?: AbortSignal,
  ): Promise<ValueHeads>
  /** `GET /health`; never throws for an unhealthy or unreachable member. */
  health(signal?: AbortSignal): Promise<{ readonly ok: boolean; readonly detail: string }>
  close(): Promise<void>
}
