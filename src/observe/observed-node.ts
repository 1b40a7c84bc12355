import type { NodeFacts } from '../desired/node-facts.ts'
import type { ContainerSummary, ImageInspect } from '../node/docker/docker-types.ts'
import type { ObservedContainer } from './observed-container.ts'

/** Mode and owner of a file or folder found on a node. */
export interface ObservedAccess {
  /** Permission bits, such as 0o600. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

/** A file found on a node. */
export interface ObservedFile extends ObservedAccess {
  /** Lower-case hex SHA-256 of the content, which is often secret. */
  readonly sha256: string
  readonly size: number
  /** When it was written, in milliseconds since 1970, cut to the second. */
  readonly modified?: number
  /** Details of a certificate file, to distinguish an older complete one from a damaged one. */
  readonly certificate?: 'whole' | 'damaged'
}

/** How the recurring snapshots of a node come along, in milliseconds by the node's own clock. */
export interface ObservedRecurring {
  /** Since their container was started last. */
  readonly runsMs: number
  /** Since a file of the snapshot folder came or went: a snapshot, also one that was saved by hand, or one that was too old. */
  readonly unchangedMs: number
}

/** The observed state of one node, read once per run. */
export interface ObservedNode {
  readonly address: string
  readonly facts: NodeFacts
  readonly dockerVersion: string
  /**
   * How far its clock is ahead of that of this machine, in milliseconds; negative if it is behind. Not known where it was not
   * asked for.
   */
  readonly clockAheadMs?: number
  /** Service containers by name, inspected. */
  readonly containers: ReadonlyMap<string, ObservedContainer>
  /** All containers, running or not. */
  readonly all: readonly ContainerSummary[]
  /** The queried images that exist. */
  readonly images: ReadonlyMap<string, ImageInspect>
  /** Files below /etc/kubernetes by path without prefix; `undefined` if no container mounts them. */
  readonly files: ReadonlyMap<string, ObservedFile> | undefined
  /** Folders below /etc/kubernetes in the same way; none if no container mounts them. */
  readonly folders: ReadonlyMap<string, ObservedAccess>
  /** Permission bits of etcd's data directory; `undefined` if no container of etcd mounts it. */
  readonly etcdDataMode: number | undefined
  /** A restore has set data of etcd aside here; absent if no container of etcd mounts the directory. */
  readonly setAside?: boolean
  /** Absent where no container of recurring snapshots is. */
  readonly recurring?: ObservedRecurring
}
