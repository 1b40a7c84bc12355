import { randomBytes } from 'node:crypto'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import { snapshotTimeout } from '../../config/snapshot-timeout.ts'
import type { ReadingHelpers } from '../../container-names.ts'
import { ordinaryLinux, prefixPath } from '../../desired/node-facts.ts'
import { withSelinux } from '../../desired/selinux.ts'
import { etcdDownloadBackup } from '../../desired/services/etcd-download-backup.ts'
import { SnapshotError } from '../../errors.ts'
import { createRequest, hasSelinux } from '../../node/containers/create-request.ts'
import { boundFolders } from '../../node/helpers/bound-folders.ts'
import { runChecked } from '../../node/helpers/run-once.ts'
import type { Node } from '../../node/node.ts'
import { type DownloadOptions, downloadSnapshot } from '../../node/snapshots/download-snapshot.ts'
import { inspectFolder } from '../../node/snapshots/inspect-folder.ts'
import { readSnapshot } from '../../node/snapshots/read-snapshot.ts'
import { SNAPSHOT_FOLDER } from '../../node-paths.ts'
import type { SnapshotContent, SnapshotFile } from '../../snapshots/snapshot.ts'
import { wholeMegabytes } from '../../whole-megabytes.ts'

export interface StoredRequest {
  /** With the bucket of the run, secrets filled in. */
  readonly config: ClusterConfig
  /** The backup image; must be on the node. */
  readonly image: string
  readonly helpers: ReadingHelpers
  /** The snapshot, as the bucket lists it. */
  readonly file: SnapshotFile
}

/**
 * Reads a snapshot of the bucket from its beginning to its end, and checks it: RKE's helper downloads it to a folder of the node
 * that is there for nothing else, and is removed afterwards, with what a killed run has left beside it long ago. Neither the snapshot folder nor the scratch folder of a restore is touched.
 * @throws SnapshotError, with the host, if it cannot be downloaded or restored.
 */
export async function readStored(
  node: Node,
  { config, image, file, helpers }: StoredRequest,
  options: DownloadOptions,
): Promise<SnapshotContent> {
  const { signal } = options
  const folder = helpers.sharesFolder ? `${helpers.folder}/${randomBytes(4).toString('hex')}` : helpers.folder
  const { name } = file
  await refuseFullDisk(node, { image, helpers, file }, signal)
  const spec = etcdDownloadBackup({
    config,
    image,
    name,
    prefix: prefixPath(config.prefixPath, ordinaryLinux),
    folder,
  })
  const selinux = hasSelinux(await node.docker.info({ signal }))
  const container = createRequest(withSelinux(spec, { selinux }, config.kubernetesVersion))
  try {
    const request = {
      snapshot: name,
      helper: helpers.download,
      container,
      limitMs: snapshotTimeout(config) * 1000,
    }
    await downloadSnapshot(node, request, options)
    return await readSnapshot(
      node,
      { image, name, folder, helper: helpers.snapshots, isUnpacked: true },
      signal,
    )
  } finally {
    await removeDownload(node, { image, folder, helper: helpers.removal }).catch(() => undefined)
  }
}

/** A disk that runs full may stop etcd. RKE's helper unpacks the database beside the archive. */
async function refuseFullDisk(
  node: Node,
  { image, helpers, file }: Pick<StoredRequest, 'image' | 'helpers' | 'file'>,
  signal: AbortSignal,
): Promise<void> {
  const { name, bytes, databaseBytes = 0 } = file
  const { freeBytes } = await inspectFolder(node, { image, helper: helpers.snapshots, name }, signal)
  const needed = bytes + databaseBytes
  if (freeBytes >= needed) return
  throw new SnapshotError(`there is no room to read the snapshot ${name} of the bucket`, {
    host: node.address,
    step: 'read the snapshot',
    why: `${wholeMegabytes(freeBytes)} MB are free, and ${wholeMegabytes(needed)} MB are needed`,
    untouched: true,
    hint: `free some space where ${SNAPSHOT_FOLDER} is`,
  })
}

/** Removes the folder, and those beside it in a folder of several that nobody has written to for a day. For busybox and Debian. */
export const REMOVE_DOWNLOAD_SCRIPT = `
rm -rf "/rke/$1"
above=/rke/\${1%/*}
[ "$above" = "/rke/$1" ] && exit 0
find "$above" -mindepth 1 -maxdepth 1 -mmin +1440 -exec rm -rf {} +
rmdir "$above" 2>/dev/null || true
`

async function removeDownload(
  node: Node,
  { image, folder, helper }: { readonly image: string; readonly folder: string; readonly helper: string },
): Promise<void> {
  await runChecked(node, {
    name: helper,
    container: {
      Image: image,
      Entrypoint: ['sh', '-c', REMOVE_DOWNLOAD_SCRIPT, helper],
      Cmd: [folder.slice('/opt/rke/'.length)],
      User: '0:0',
      HostConfig: boundFolders(['/opt/rke:/rke']),
    },
  })
}
