import type { ClusterConfig } from '../../config/cluster-config.ts'
import { snapshotTimeout } from '../../config/snapshot-timeout.ts'
import type { ReadingHelpers } from '../../container-names.ts'
import { ordinaryLinux, prefixPath } from '../../desired/node-facts.ts'
import { withSelinux } from '../../desired/selinux.ts'
import { etcdDownloadBackup } from '../../desired/services/etcd-download-backup.ts'
import { createRequest, hasSelinux } from '../../node/containers/create-request.ts'
import { runChecked } from '../../node/helpers/run-once.ts'
import type { Node } from '../../node/node.ts'
import { type DownloadOptions, downloadSnapshot } from '../../node/snapshots/download-snapshot.ts'
import { readSnapshot } from '../../node/snapshots/read-snapshot.ts'
import type { SnapshotContent } from '../../snapshots/snapshot.ts'

export interface StoredRequest {
  /** With the bucket of the run, secrets filled in. */
  readonly config: ClusterConfig
  /** The backup image; must be on the node. */
  readonly image: string
  readonly helpers: ReadingHelpers
  /** Of the snapshot, without `.zip`. */
  readonly name: string
}

/**
 * Reads a snapshot of the bucket from its beginning to its end, and checks it: RKE's helper downloads it to a folder of the node
 * that is there for nothing else, and is removed afterwards. Neither the snapshot folder nor the scratch folder of a restore is touched.
 * @throws SnapshotError, with the host, if it cannot be downloaded or restored.
 */
export async function readStored(
  node: Node,
  { config, image, name, helpers }: StoredRequest,
  options: DownloadOptions,
): Promise<SnapshotContent> {
  const { signal } = options
  const { folder } = helpers
  const spec = etcdDownloadBackup({
    config,
    image,
    name,
    prefix: prefixPath(config.prefixPath, ordinaryLinux),
    folder,
  })
  const container = createRequest(withSelinux(spec, hasSelinux(await node.docker.info({ signal }))))
  try {
    const request = {
      snapshot: name,
      helper: helpers.download,
      container,
      limitMs: snapshotTimeout(config) * 1000,
    }
    await downloadSnapshot(node, request, options)
    return await readSnapshot(node, { image, name, folder, helper: helpers.snapshots }, signal)
  } finally {
    await removeDownload(node, { image, helpers }).catch(() => undefined)
  }
}

async function removeDownload(
  node: Node,
  { image, helpers }: Pick<StoredRequest, 'image' | 'helpers'>,
): Promise<void> {
  await runChecked(node, {
    name: helpers.removal,
    container: {
      Image: image,
      Entrypoint: ['rm', '-rf'],
      Cmd: [`/rke/${helpers.folder.split('/').at(-1)}`],
      User: '0:0',
      HostConfig: { Binds: ['/opt/rke:/rke'], NetworkMode: 'none', SecurityOpt: ['label=disable'] },
    },
  })
}
