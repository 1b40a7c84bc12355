import type { DesiredNode } from '../../../desired/desired-node.ts'
import { prefixed } from '../../../desired/paths.ts'
import { KUBERNETES_FOLDER } from '../../../node-paths.ts'
import type { ObservedNode } from '../../../observe/observed-node.ts'
import { keyPath } from '../../../pki/inventory/certificate-names.ts'
import { CLUSTER_CA } from '../../../pki/inventory/inventory.ts'
import { hasExternalKey } from '../../../pki/issue/authorities.ts'
import type { FilesRemove } from '../../action/files.ts'
import { ids } from '../../model/ids.ts'
import type { PlanBasis } from '../../model/plan-basis.ts'
import { foundAt } from './found-file.ts'

/** The key of the CA goes from a node where it is kept elsewhere, and the state does not have it any more. */
export function planCaKeyRemoval(
  desired: DesiredNode,
  observed: ObservedNode | undefined,
  { wanted: { config, material } }: Pick<PlanBasis, 'wanted'>,
): readonly FilesRemove[] {
  const { node, prefix, helperImage } = desired
  const path = prefixed(prefix, keyPath(CLUSTER_CA))
  const isKept = !hasExternalKey(config) || material.bundle[CLUSTER_CA]?.keyPEM !== ''
  if (isKept || foundAt(path, desired, observed?.files) === undefined) return []
  return [
    {
      kind: 'files.remove',
      id: ids.caKey(node.address),
      node: node.address,
      image: helperImage,
      folder: prefixed(prefix, KUBERNETES_FOLDER),
      paths: [path],
      because: [{ kind: 'ca-key-elsewhere' }],
      after: [ids.image(node.address, helperImage), ids.files(node.address)],
    },
  ]
}
