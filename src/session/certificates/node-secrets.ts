import { posix } from 'node:path'
import { HELPER, SERVICE_CONTAINERS } from '../../container-names.ts'
import { prefixPath } from '../../desired/node-facts.ts'
import { prefixed } from '../../desired/paths.ts'
import { readBundle } from '../../node/files/read-bundle.ts'
import { readArchive, readFiles } from '../../node/files/read-files.ts'
import { withHelper } from '../../node/helpers/helper-container.ts'
import type { Node } from '../../node/node.ts'
import { CERTIFICATE_FOLDER, KUBERNETES_FOLDER, SNAPSHOT_FOLDER } from '../../node-paths.ts'
import { factsOf } from '../../observe/observe-node.ts'
import { Secret } from '../../secret.ts'

/** Texts of files by their names without folders. They hold keys. */
export type NodeSecrets = ReadonlyMap<string, Secret<string>>

/** What reading files of a node needs besides the node: an image for a helper, and the cluster's prefix path. */
export interface SecretsOptions {
  /** Used where no container of the cluster is left; must be on the node. */
  readonly image: string
  readonly prefixPath: string
  /** The run holds no lock. Default: false. */
  readonly unlocked?: boolean
}

const BUNDLE = 'pki.bundle.tar.gz'

/**
 * Certificates, keys and the encryption file that a node has in /etc/kubernetes/ssl. Read through any container of
 * the cluster, running or not, else through a helper that is not started; empty if there are none, `undefined` if they
 * could not be read, because neither a container nor the image is there.
 */
export async function readNodeSecrets(node: Node, options: SecretsOptions): Promise<NodeSecrets | undefined> {
  const window = await anyContainer(node)
  if (window !== undefined) {
    const through = { container: window, path: CERTIFICATE_FOLDER }
    return textsOf(await readFiles(node, CERTIFICATE_FOLDER, { through, image: '' }))
  }
  if ((await node.docker.inspectImage(options.image)) === undefined) return undefined
  const prefix = prefixPath(options.prefixPath, factsOf(await node.docker.info()))
  const folder = prefixed(prefix, CERTIFICATE_FOLDER)
  return textsOf(await readFiles(node, folder, options))
}

/** The certificates in the backup that RKE keeps beside etcd snapshots; empty if there is none. */
export async function readBackupSecrets(node: Node, { image }: SecretsOptions): Promise<NodeSecrets> {
  if ((await node.docker.inspectImage(image)) === undefined) return new Map()
  return withHelper(
    node,
    { name: HELPER.readFiles, image, binds: [`${SNAPSHOT_FOLDER}:/backup`] },
    async (id) => {
      const found = await node.docker.getArchive(id, `/backup/${BUNDLE}`)
      if (found === undefined) return new Map()
      const [bundle] = (await readArchive(found, '/')).files.values()
      const files =
        bundle === undefined ? new Map<string, Secret<Buffer>>() : await readBundle(bundle.content)
      return new Map([...files].map(([name, content]) => [name, textOf(content)]))
    },
  )
}

async function anyContainer(node: Node): Promise<string | undefined> {
  const names = new Set((await node.docker.listContainers()).flatMap((container) => container.names))
  for (const name of SERVICE_CONTAINERS.filter((one) => names.has(one))) {
    const found = await node.docker.inspectContainer(name)
    if (found?.HostConfig.Binds?.some((bind) => bind.split(':')[1] === KUBERNETES_FOLDER)) return found.Id
  }
  return undefined
}

function textsOf(files: Awaited<ReturnType<typeof readFiles>>): NodeSecrets {
  return new Map([...files].map(([path, { content }]) => [posix.basename(path), textOf(content)]))
}

const textOf = (content: Secret<Buffer>): Secret<string> => new Secret(content.reveal().toString('utf8'))
