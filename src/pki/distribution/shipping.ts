import { hasRole, nodesWithRole } from '../../role.ts'
import { Secret } from '../../secret.ts'
import { certificateTexts } from '../encoding/certificate.ts'
import type { CertificateConfig, CertificateNode } from '../encoding/certificate-config.ts'
import type { CertificateEntry, CertificatesBundle } from '../encoding/certificate-entry.ts'
import {
  certificatePath,
  etcdCertificateName,
  keyPath,
  kubeconfigPath,
  kubeletCertificateName,
} from '../inventory/certificate-names.ts'
import { CLUSTER_CA, type InventoryRow, inventoryRow } from '../inventory/inventory.ts'

/** A certificate, key or kubeconfig as it should be on a node. */
export interface CertificateFile {
  /** As containers see it: the node's prefix path is not part of it. */
  readonly path: string
  /** Set on a file that is already there, too. */
  readonly mode: number
  /** Absent, with `gid`: one that is already there keeps its owner. */
  readonly uid?: number
  readonly gid?: number
  readonly content: Secret<string>
  /**
   * What happens to a file that is already there. Files on nodes are written once: their content may be
   * older than the state's and stays so. Only a forced deployment overwrites the `when-forced` ones.
   */
  readonly overwrite: 'when-forced' | 'never'
  /** The certificate's name in the bundle. */
  readonly certificate: string
  readonly kind: 'certificate' | 'key' | 'kubeconfig'
}

/** Which node gets files, and among which nodes. */
export interface ShippingRequest {
  readonly node: CertificateNode
  /** The nodes that take part in this run: only their etcd certificates are shipped. */
  readonly nodes: readonly CertificateNode[]
  readonly bundle: CertificatesBundle
  readonly services: CertificateConfig['services']
}

/**
 * The files a node gets for its roles, sorted by path. Of kubelets' serving certificates it gets its own; RKE 1.6.3 sends those of all
 * nodes to all, where nothing reads them. An etcd node gets those of all members, as with RKE: it has all that etcd holds anyway, and a
 * lost state can be made from what is on it. All of them are root's and mode 0600, but on an etcd
 * node with `services.etcd.uid` and `gid` the etcd files belong to that user and `kube-ca.pem` is readable. Where there
 * is no such user any more, they keep their owner, as with RKE 1.6.3: a running etcd may still be that user.
 */
export function certificateFiles(request: ShippingRequest): readonly CertificateFile[] {
  const { node, bundle } = request
  const etcdNames = new Set(nodesWithRole(request.nodes, 'etcd').map(etcdCertificateName))
  return Object.entries(bundle)
    .flatMap(([name, entry]) => {
      const row = inventoryRow(name)
      if (row === undefined || !isFor(row.shippedTo, node)) return []
      if (row.perNode === 'etcd' && !etcdNames.has(name)) return []
      if (row.perNode === 'all' && name !== kubeletCertificateName(node)) return []
      return filesOf(name, entry, row, request)
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

function isFor(target: InventoryRow['shippedTo'], node: CertificateNode): boolean {
  return target === 'every' || (target !== 'none' && hasRole(node, target))
}

function filesOf(
  name: string,
  entry: CertificateEntry,
  row: InventoryRow,
  request: ShippingRequest,
): readonly CertificateFile[] {
  const base = { certificate: name, ...accessOf(name, request), overwrite: 'when-forced' } as const
  const getsKey = row.keyShippedTo === undefined || isFor(row.keyShippedTo, request.node)
  const { certificate, key, kubeconfig } = contentsOf(name, entry)
  const files: CertificateFile[] = []
  if (certificate !== undefined) {
    files.push({ ...base, kind: 'certificate', path: certificatePath(name), content: certificate })
  }
  if (key !== undefined && getsKey) {
    files.push({ ...base, mode: 0o600, kind: 'key', path: keyPath(name), content: key })
  }
  if (kubeconfig !== undefined) {
    const path = kubeconfigPath(name)
    files.push({ ...base, kind: 'kubeconfig', path, content: kubeconfig, overwrite: 'never' })
  }
  return files
}

type Contents = Partial<Readonly<Record<CertificateFile['kind'], Secret<string>>>>

const contents = new WeakMap<CertificateEntry, Contents>()

/** What the files of an entry hold, made once: every node that gets them gets the same. */
function contentsOf(name: string, entry: CertificateEntry): Contents {
  const known = contents.get(entry)
  if (known !== undefined) return known
  const { certificatePEM, keyPEM, config } = entry
  const made: Contents = {
    ...(certificatePEM && {
      certificate: new Secret(certificateTexts(certificatePEM, `certificate "${name}"`)),
    }),
    ...(keyPEM && { key: new Secret(endLine(keyPEM)) }),
    ...(config && { kubeconfig: new Secret(endLine(config)) }),
  }
  contents.set(entry, made)
  return made
}

function accessOf(
  name: string,
  { node, services }: ShippingRequest,
): Pick<CertificateFile, 'mode' | 'uid' | 'gid'> {
  const { uid = 0, gid = 0 } = services.etcd
  const hasEtcdUser = uid !== 0 && gid !== 0 && hasRole(node, 'etcd')
  if (inventoryRow(name)?.perNode === 'etcd') return { mode: 0o600, ...(hasEtcdUser && { uid, gid }) }
  return { mode: hasEtcdUser && name === CLUSTER_CA ? 0o644 : 0o600, uid: 0, gid: 0 }
}

function endLine(text: string): string {
  return `${text.replace(/\n+$/, '')}\n`
}
