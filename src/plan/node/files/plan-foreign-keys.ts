import { basename } from 'node:path/posix'
import type { DesiredNode } from '../../../desired/desired-node.ts'
import { prefixed } from '../../../desired/paths.ts'
import { KUBERNETES_FOLDER } from '../../../node-paths.ts'
import type { ObservedNode } from '../../../observe/observed-node.ts'
import { keyPath, kubeletCertificateName } from '../../../pki/inventory/certificate-names.ts'
import { inventoryRow } from '../../../pki/inventory/inventory.ts'
import type { FilesRemove, FilesUpload } from '../../action/files.ts'
import { ids } from '../../model/ids.ts'

/**
 * Takes serving certificates and keys of other nodes' kubelets away, which RKE sends to all nodes, before a node gets one of its own
 * anew. Until then they stay: a cluster that is taken over is left as it is.
 */
export function planForeignKeys(
  { node, prefix, helperImage }: DesiredNode,
  observed: ObservedNode | undefined,
  uploads: readonly FilesUpload[],
  gates: readonly string[],
): readonly FilesRemove[] {
  const own = kubeletCertificateName(node)
  const ownKey = prefixed(prefix, keyPath(own))
  if (!uploads.some(({ files }) => files.some(({ path }) => path === ownKey))) return []
  const paths = [...(observed?.files?.keys() ?? [])]
    .filter((path) => isOfOtherKubelet(basename(path), own))
    .map((path) => prefixed(prefix, path))
    .sort()
  if (paths.length === 0) return []
  return [
    {
      kind: 'files.remove',
      id: ids.foreignKeys(node.address),
      node: node.address,
      image: helperImage,
      folder: prefixed(prefix, KUBERNETES_FOLDER),
      paths,
      because: [{ kind: 'keys-of-other-nodes' }],
      after: [ids.image(node.address, helperImage), ...gates],
    },
  ]
}

function isOfOtherKubelet(file: string, own: string): boolean {
  const name = /^(.+?)(-key)?\.pem$/.exec(file)?.[1]
  return name !== undefined && name !== own && inventoryRow(name)?.perNode === 'all'
}
