import { pack } from 'tar-stream'
import { HELPER } from '../../container-names.ts'
import { boundFolders } from '../helpers/bound-folders.ts'
import { withHelper } from '../helpers/helper-container.ts'
import { runChecked } from '../helpers/run-once.ts'
import type { Node } from '../node.ts'
import { InTurn } from '../transport/in-turn.ts'
import { packed } from './packed.ts'

/** Where log collectors look for the logs of a cluster's containers. Never below the prefix path. */
const FOLDER = '/var/lib/rancher/rke/log'
const MOUNT = '/log'

/** The helpers have one name per node, so only one link at a time can be made or removed. */
const linking = new InTurn<Node>()

export interface LogLink {
  /** Name and full id of the container whose log it leads to. */
  readonly name: string
  readonly id: string
  readonly dockerRootDir: string
  /** An image that is on the node. */
  readonly image: string
}

/**
 * Makes the link to a container's log, `<name>_<id>.log`, which may be done before the container has one. The
 * log's path is that of Docker's json-file driver.
 */
export async function linkLog(node: Node, link: LogLink): Promise<void> {
  const { name, id, dockerRootDir, image } = link
  const archive = pack()
  archive.entry({
    name: `${name}_${id}.log`,
    type: 'symlink',
    linkname: `${dockerRootDir}/containers/${id}/${id}-json.log`,
  })
  archive.finalize()
  const bytes = await packed(archive)
  const helper = { name: HELPER.linkLogs, image, binds: [`${FOLDER}:${MOUNT}`] }
  await linking.run(node, () =>
    withHelper(node, helper, (helperId) => node.docker.putArchive(helperId, MOUNT, bytes)),
  )
}

/**
 * Removes all links of a container's name except that of `keep`: those of its predecessors, including one that was
 * removed manually. `image` must have `find`.
 */
export async function unlinkOthers(
  node: Node,
  { name, keep, image }: { readonly name: string; readonly keep: string; readonly image: string },
  signal?: AbortSignal,
): Promise<void> {
  const run = {
    name: HELPER.removeLogs,
    container: {
      Image: image,
      Entrypoint: ['find', MOUNT],
      Cmd: ['-name', `${name}_*.log`, '!', '-name', `${name}_${keep}.log`, '-delete'],
      HostConfig: boundFolders([`${FOLDER}:${MOUNT}`]),
    },
    ...(signal && { signal }),
  }
  await linking.run(node, () => runChecked(node, run))
}
