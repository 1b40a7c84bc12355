import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'
import { withHelper } from './helper-container.ts'
import { InTurn } from './in-turn.ts'
import type { Node } from './node.ts'
import { runPrepared } from './run-once.ts'

/** Where log collectors look for the logs of a cluster's containers. Never below the prefix path. */
const FOLDER = '/var/lib/rancher/rke/log'
const MOUNT = '/log'
/** RKE's name for it. */
const CLEANER = 'rke-log-cleaner'

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

export interface LogCleaning {
  /** An image that is on the node and has `sh` and `find`. */
  readonly image: string
  readonly dockerRootDir: string
}

/**
 * Makes the container that removes links whose log is gone, if it is not there, and gives its id. It is made before
 * anything that leaves such links, and goes when it has run: a run that ends in between is noticed by it.
 */
export async function prepareLogCleaning(node: Node, cleaning: LogCleaning): Promise<string> {
  const { image, dockerRootDir } = cleaning
  const found = await node.docker.inspectContainer(CLEANER)
  if (found !== undefined) return found.Id
  const { id } = await node.docker.createContainer(CLEANER, {
    Image: image,
    Cmd: ['sh', '-c', `find ${FOLDER} -type l ! -exec test -e {} \\; -delete`],
    HostConfig: {
      Binds: [`${dockerRootDir}:${dockerRootDir}:ro`, `${FOLDER}:${FOLDER}`],
      NetworkMode: 'none',
    },
  })
  return id
}

/** Removes the links whose log is gone. */
export async function cleanLogLinks(node: Node, cleaning: LogCleaning, signal?: AbortSignal): Promise<void> {
  const id = await prepareLogCleaning(node, cleaning)
  await runPrepared(node, id, { name: CLEANER, signal })
}
