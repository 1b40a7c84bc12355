import { HELPER } from '../../container-names.ts'
import { SNAPSHOT_FOLDER, SNAPSHOT_MOUNT } from '../../node-paths.ts'
import type { Secret } from '../../secret.ts'
import { readArchive } from '../files/read-files.ts'
import { boundFolders } from '../helpers/bound-folders.ts'
import { helperFailed, type RunOnce, runAndKeep } from '../helpers/run-once.ts'
import type { Node } from '../node.ts'

/** The folder of the container in which a script leaves its results, each a file. A log would keep keys on the node. */
export const RESULTS = '/tmp/snapshots'

/** Reading a database of many gigabytes takes its time on a slow disk. */
const LIMIT_MS = 60 * 60_000

/** A script of the shell for the helper that reads snapshots. */
export interface ReaderRun {
  /** Must be on the node. */
  readonly image: string
  /** The folder on the node with the snapshots; by default the one where etcd nodes keep them. Nothing is written to it. */
  readonly folder?: string | undefined
  readonly script: string
  /**
   * Name of the helper, `etcd-snapshot-reader` by default. Who holds no lock has one of its own, so as not to take away that of a
   * run that changes the cluster.
   */
  readonly helper?: string | undefined
  readonly args: readonly string[]
  /** Other folders that it needs. */
  readonly binds?: readonly string[]
}

/**
 * Runs a script in a helper container and answers the files that it left in `RESULTS`, by their path in
 * there. Fails with a `DockerError` if the script ends with an exit code other than zero.
 */
export async function runReader(
  node: Node,
  { image, folder = SNAPSHOT_FOLDER, helper = HELPER.readSnapshots, script, args, binds = [] }: ReaderRun,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Secret<Buffer>>> {
  const run: RunOnce = {
    name: helper,
    container: {
      Image: image,
      Cmd: ['sh', '-c', script, helper, ...args],
      User: '0:0',
      HostConfig: boundFolders([`${folder}:${SNAPSHOT_MOUNT}:ro`, ...binds]),
    },
    limitMs: LIMIT_MS,
    signal,
  }
  return runAndKeep(node, run, async (id, result) => {
    if (result.exitCode !== 0) throw helperFailed(node, run, result)
    const archive = await node.docker.getArchive(id, RESULTS, { signal })
    if (archive === undefined) return new Map()
    const { files } = await readArchive(archive, '/')
    return new Map([...files].map(([path, { content }]) => [path.slice(1), content]))
  })
}
