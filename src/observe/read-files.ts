import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import tar from 'tar-stream'
import type { ContainerInspect } from '../node/docker-types.ts'
import type { Node } from '../node/node.ts'
import type { ObservedFile } from './observed-node.ts'

const FOLDER = '/etc/kubernetes'

/**
 * The files below /etc/kubernetes of a node, by path as containers see them, read through the container that
 * has the folder and the fewest other binds: Docker mounts all of them to read one. Nothing is created or
 * started for it. `undefined` if no container has the folder.
 */
export async function readKubernetesFiles(
  node: Node,
  containers: Iterable<ContainerInspect>,
): Promise<ReadonlyMap<string, ObservedFile> | undefined> {
  const [window] = [...containers]
    .filter(({ HostConfig }) => HostConfig.Binds?.some((bind) => bind.split(':')[1] === FOLDER))
    .sort((a, b) => (a.HostConfig.Binds?.length ?? 0) - (b.HostConfig.Binds?.length ?? 0))
  if (window === undefined) return undefined
  const archive = await node.docker.getArchive(window.Id, FOLDER)
  return archive === undefined ? undefined : readArchive(archive)
}

/** Files of a tar archive of the folder; its entries begin with the folder's own name. */
async function readArchive(archive: Readable): Promise<ReadonlyMap<string, ObservedFile>> {
  const files = new Map<string, ObservedFile>()
  const entries = archive.pipe(tar.extract())
  archive.once('error', (error) => entries.destroy(error))
  for await (const entry of entries) {
    const { name, type, mode = 0, uid = 0, gid = 0 } = entry.header
    const content = await buffer(entry)
    if (type !== 'file') continue
    const path = posix.join(posix.dirname(FOLDER), name)
    files.set(path, {
      mode: mode & 0o7777,
      uid,
      gid,
      size: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
      ...(path.endsWith('.pem') && { certificate: isWhole(content.toString('utf8')) ? 'whole' : 'damaged' }),
    })
  }
  return files
}

/** Whether a PEM text has its end line: a write that was cut off loses that. */
function isWhole(pem: string): boolean {
  return /^-----BEGIN ([A-Z ]+)-----\n[\s\S]+\n-----END \1-----\n*$/.test(pem)
}
