import { posix } from 'node:path'
import { boundFolders } from '../helpers/bound-folders.ts'
import { helperFailed, type RunOnce, runOnce } from '../helpers/run-once.ts'
import type { Node } from '../node.ts'

/** Mode and owner that a file or folder gets. */
export interface AccessChange {
  /** Absolute path on the node. */
  readonly path: string
  /** Permission bits, such as 0o600. */
  readonly mode: number
  /** `uid:gid`; the owner stays without it. */
  readonly owner?: string | undefined
  /** The owner is that of everything below, too. */
  readonly recursive?: boolean
}

export interface AccessOptions {
  /** Name of the helper container. */
  readonly helper: string
  /** Must be on the node, with a shell, `chmod` and `chown`. */
  readonly image: string
  /** Folder of the node in which all the paths are, or that is the only one of them. */
  readonly folder: string
  /** Below the folder: nothing is done where `missing` is not there and `kept` is. */
  readonly unless?: { readonly missing: string; readonly kept: string } | undefined
  readonly signal?: AbortSignal
}

const MOUNT = '/access'
/** Exit code of the helper where nothing is done. */
const REFUSED = 66

/**
 * Sets mode and owner in place: content stays, and so does who has a file open or mounted.
 * @returns `false` where nothing is done because of `unless`.
 */
export async function setAccess(
  node: Node,
  changes: readonly AccessChange[],
  { helper, image, folder, unless, signal }: AccessOptions,
): Promise<boolean> {
  if (changes.length === 0) return true
  const check =
    unless === undefined
      ? []
      : [`{ test -e ${MOUNT}/${unless.missing} || test ! -e ${MOUNT}/${unless.kept} || exit ${REFUSED}; }`]
  const commands = changes.flatMap(({ path, mode, owner, recursive = false }) => {
    const inside = posix.join(MOUNT, posix.relative(folder, path))
    return [
      `chmod ${mode.toString(8)} ${inside}`,
      ...(owner === undefined ? [] : [`chown ${recursive ? '-R ' : ''}${owner} ${inside}`]),
    ]
  })
  const run: RunOnce = {
    name: helper,
    container: {
      Image: image,
      Cmd: ['sh', '-c', [...check, ...commands].join(' && ')],
      HostConfig: boundFolders([`${folder}:${MOUNT}`]),
    },
    ...(signal === undefined ? {} : { signal }),
  }
  const result = await runOnce(node, run)
  if (result.exitCode !== 0 && result.exitCode !== REFUSED) throw helperFailed(node, run, result)
  return result.exitCode === 0
}
