import type { Access, FileSpec } from '../../desired/container-spec.ts'
import type { OnNode } from './base.ts'

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
  /** A restore, or the way back from it, is under way: it has set data aside that is not to be built over otherwise. */
  readonly ofRestore?: boolean
}

/** Empties folders of a node; the folders stay. */
export interface FoldersClear extends OnNode {
  readonly kind: 'folders.clear'
  readonly image: string
  readonly folders: readonly string[]
  /** Pattern of the shell for names in these folders that stay. */
  readonly keep?: string
}
