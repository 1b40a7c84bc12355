import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'
import { withHelper } from './helper-container.ts'
import { InTurn } from './in-turn.ts'
import type { Node } from './node.ts'
import { runChecked } from './run-once.ts'

/** Where log collectors look for the logs of a cluster's containers. Never below the prefix path. */
const FOLDER = '/var/lib/rancher/rke/log'
const MOUNT = '/log'

/** The helper has one name per node, so only one container's link can be made at a time. */
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
  const bytes = await buffer(archive)
  const helper = { name: 'rke-log-linker', image, binds: [`${FOLDER}:${MOUNT}`] }
  await linking.run(node, () =>
    withHelper(node, helper, (helperId) => node.docker.putArchive(helperId, MOUNT, bytes)),
  )
}

/** Removes the links whose log is gone. `image` must have `sh` and `find`. */
export async function cleanLogLinks(
  node: Node,
  options: { readonly image: string; readonly dockerRootDir: string; readonly signal?: AbortSignal },
): Promise<void> {
  const { image, dockerRootDir, signal } = options
  await runChecked(node, {
    name: 'rke-log-cleaner',
    container: {
      Image: image,
      Cmd: ['sh', '-c', `find ${FOLDER} -type l ! -exec test -e {} \\; -delete`],
      HostConfig: {
        Binds: [`${dockerRootDir}:${dockerRootDir}:ro`, `${FOLDER}:${FOLDER}`],
        NetworkMode: 'none',
      },
    },
    ...(signal && { signal }),
  })
}
