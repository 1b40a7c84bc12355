import { hash } from 'node:crypto'
import type { ContainerInspect } from '../node/docker/docker-types.ts'
import type { NodeFile } from '../node/files/node-file.ts'
import { readFolder } from '../node/files/read-files.ts'
import type { Node } from '../node/node.ts'
import { KUBERNETES_FOLDER } from '../node-paths.ts'
import type { ObservedFile, ObservedNode } from './observed-node.ts'

/**
 * Reads the files below /etc/kubernetes of a node, by path as containers see it, through the container that mounts
 * the folder and has the fewest other binds: Docker mounts all of them to read one. Nothing is created or started. No
 * files are known if no container mounts the folder.
 */
export async function observeFiles(
  node: Node,
  containers: Iterable<ContainerInspect>,
): Promise<Pick<ObservedNode, 'files' | 'folders'>> {
  const [window] = [...containers]
    .filter(({ HostConfig }) => HostConfig.Binds?.some((bind) => bind.split(':')[1] === KUBERNETES_FOLDER))
    .sort((a, b) => (a.HostConfig.Binds?.length ?? 0) - (b.HostConfig.Binds?.length ?? 0))
  if (window === undefined) return { files: undefined, folders: new Map() }
  const through = { container: window.Id, path: KUBERNETES_FOLDER }
  const { files, folders } = await readFolder(node, KUBERNETES_FOLDER, { through, image: '' })
  return { files: new Map([...files].map(([path, file]) => [path, observedFile(path, file)])), folders }
}

/** What is recorded of a file. */
export function observedFile(path: string, { content, ...known }: NodeFile): ObservedFile {
  const bytes = content.reveal()
  return {
    ...known,
    sha256: hash('sha256', bytes),
    ...(path.endsWith('.pem') && { certificate: isWhole(bytes.toString('utf8')) ? 'whole' : 'damaged' }),
  }
}

/** Whether each part of a PEM text has its end line, which a partial write lacks. */
function isWhole(pem: string): boolean {
  return pem !== '' && pem.replaceAll(/-----BEGIN ([A-Z ]+)-----\n[\s\S]+?\n-----END \1-----\n*/g, '') === ''
}
