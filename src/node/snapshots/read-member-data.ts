import { boundFolders } from '../helpers/bound-folders.ts'
import { runChecked } from '../helpers/run-once.ts'
import type { Node } from '../node.ts'
import { READ_DATA_SCRIPT } from './recover-scripts.ts'

/** What a node has of the data of its etcd member. */
export interface MemberData {
  /** `undefined`: there is no data. In bytes. */
  readonly size: number | undefined
  /** Free bytes on the disk of the data directory; `undefined` if there is none. */
  readonly free: number | undefined
  /** etcd's revision in the file of the database, where that was read. */
  readonly revision: number | undefined
  /** Why the data cannot be used, as far as its files show it. */
  readonly damage: string | undefined
  /** A recovery that is not finished has a copy of it, or has moved it. */
  readonly aside: boolean
  /** Names of folders in the data directory that finished recoveries have left. */
  readonly kept: readonly string[]
  /** What a restore that is not done has set aside. */
  readonly beforeRestore: BeforeRestore | undefined
  /** A restore, or the way back from it, was interrupted while it moved the data. */
  readonly moving: boolean
}

/** What a restore has set aside. */
interface BeforeRestore {
  /** Which restore (`Restoring.startedAt`). */
  readonly restore: string
  /** There was data. */
  readonly hasData: boolean
}

export interface MemberDataOptions {
  /** Has a shell, the usual tools and etcdctl; on the node. */
  readonly image: string
  /** Name of the helper that reads. */
  readonly helper: string
  /** The data directory, on the node. */
  readonly directory: string
  readonly selinux: boolean
  /** `file`: etcd does not run. `copy`: it runs, and so locks the file. `none`: the database is not read. */
  readonly database: 'file' | 'copy' | 'none'
  readonly signal: AbortSignal
}

/** Whether a node has data once what that restore has set aside is put back. */
export function hasDataBefore(
  { size, beforeRestore, moving }: Pick<MemberData, 'size' | 'beforeRestore' | 'moving'>,
  restore: string,
): boolean {
  return beforeRestore?.restore === restore ? beforeRestore.hasData : size !== undefined || moving
}

/** The longest time that reading a database of 8 GiB may take. */
const LIMIT_MS = 10 * 60_000

/** Reads what a node has of its member's data, by a helper container; writes nothing. */
export async function readMemberData(node: Node, options: MemberDataOptions): Promise<MemberData> {
  const { directory } = options
  // Docker would make a directory that is missing.
  const parent = directory.slice(0, directory.lastIndexOf('/'))
  const found = await readBind(node, `${parent}:/host:ro`, options)
  // A symbolic link leads to the data only on the node, where Docker follows it.
  return found.isLink ? readBind(node, `${directory}:/host/etcd:ro`, options) : found
}

async function readBind(
  node: Node,
  bind: string,
  { image, helper, selinux, database, signal }: MemberDataOptions,
): Promise<MemberData & { readonly isLink: boolean }> {
  const { stdout } = await runChecked(node, {
    name: helper,
    container: {
      Image: image,
      Cmd: ['sh', '-c', READ_DATA_SCRIPT, helper, database],
      HostConfig: boundFolders([bind], { selinux }),
    },
    limitMs: LIMIT_MS,
    signal,
  })
  return parsed(stdout)
}

function parsed(text: string): MemberData & { readonly isLink: boolean } {
  const lines = text.split('\n').map((line) => {
    const end = line.indexOf(' ')
    return { word: line.slice(0, end), value: line.slice(end + 1).trim() }
  })
  const find = (word: string): string | undefined => lines.find((line) => line.word === word)?.value
  const kilobytes = (value: string | undefined): number | undefined =>
    value === undefined ? undefined : Number(value) * 1024
  const status = find('status')
  const revision = status === undefined ? undefined : revisionIn(status)
  const restore = find('restore')
  const unread = status !== undefined && revision === undefined ? 'its database has no revision' : undefined
  return {
    isLink: find('link') === 'yes',
    size: kilobytes(find('size')),
    free: kilobytes(find('free')),
    revision,
    damage: find('damage') ?? unread,
    aside: find('aside') === 'yes',
    kept: lines.filter(({ word }) => word === 'kept').map(({ value }) => value),
    beforeRestore: restore === undefined ? undefined : { restore, hasData: find('before') === 'yes' },
    moving: find('moving') === 'yes',
  }
}

function revisionIn(status: string): number | undefined {
  const { revision }: { readonly revision?: unknown } = JSON.parse(status)
  return typeof revision === 'number' ? revision : undefined
}
