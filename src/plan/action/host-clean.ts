import type { OnNode } from './base.ts'

/**
 * Removes from a machine everything of a cluster that is there when the step runs: containers of pods above all, processes, mounts,
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
  /** Network devices, as extended regular expressions that match whole names. */
  readonly devices: readonly string[]
  /** Rules of packet filters, as extended regular expressions that match a part of them. */
  readonly packetFilterRules: readonly string[]
  /** How names of IP sets begin. */
  readonly ipSets: readonly string[]
}
