import { boundFolders } from '../helpers/bound-folders.ts'
import { runChecked } from '../helpers/run-once.ts'
import type { Node } from '../node.ts'
import { ETCD_DATA } from './etcd-data-scripts.ts'

/** A script that changes the data directory of etcd, which does not run meanwhile. */
export interface EtcdDataScript {
  /** Name of the helper container. */
  readonly helper: string
  /** Has a shell and the usual tools. */
  readonly image: string
  /** The data directory, on the node. */
  readonly directory: string
  /** The helper gets the SELinux type of this program (`usesSelinuxType`). */
  readonly selinux: boolean
  readonly script: string
  readonly args?: readonly string[]
  /** Milliseconds; five minutes without it. */
  readonly limitMs?: number
  readonly signal: AbortSignal
}

/** Runs a script beside etcd's data, by a helper container. A failure is that of `runChecked`. */
export async function runOnEtcdData(
  node: Node,
  { helper, image, directory, selinux, script, args = [], limitMs, signal }: EtcdDataScript,
): Promise<void> {
  await runChecked(node, {
    name: helper,
    container: {
      Image: image,
      Cmd: ['sh', '-c', script, helper, ...args],
      HostConfig: boundFolders([`${directory}:${ETCD_DATA}`], { selinux }),
    },
    ...(limitMs !== undefined && { limitMs }),
    signal,
  })
}
