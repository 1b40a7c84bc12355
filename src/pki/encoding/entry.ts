import { nodeKubeconfig } from '../distribution/kubeconfig.ts'
import { certificatePath, envName, keyPath, kubeconfigPath } from '../inventory/certificate-names.ts'
import { inventoryRow } from '../inventory/inventory.ts'
import { type CertificateEntry, certificateEntryKeys } from './certificate-entry.ts'

/**
 * A state file entry for a generated certificate: everything but certificate and key follows from the name.
 * `kube-admin` gets no kubeconfig text here, since that depends on the other entries.
 */
export function newEntry(name: string, certificatePEM: string, keyPEM: string): CertificateEntry {
  const row = inventoryRow(name)
  const kubeconfig = row === undefined ? kubeconfigOfUnknown(name) : row.kubeconfig
  return {
    certificatePEM,
    keyPEM,
    config: kubeconfig === 'files' ? nodeKubeconfig(name) : '',
    name,
    commonName: row?.stateCommonName ?? `system:${name}`,
    ouName: row?.organization ?? '',
    envName: envName(name),
    path: certificatePath(name),
    keyEnvName: `${envName(name)}_KEY`,
    keyPath: keyPath(name),
    configEnvName: kubeconfig === undefined ? '' : `KUBECFG_${envName(name)}`,
    configPath: kubeconfig === undefined ? '' : kubeconfigPath(name),
  }
}

/** An entry as it was, with the members filled in that an older or edited state file left out. */
export function completeEntry(name: string, entry: CertificateEntry): CertificateEntry {
  const whole = newEntry(name, entry.certificatePEM ?? '', entry.keyPEM ?? '')
  const kept = { ...whole, ...entry }
  for (const key of certificateEntryKeys) kept[key] ||= whole[key]
  return kept
}

/** Whether two entries are the same in the state file. */
export function sameEntry(one: CertificateEntry, other: CertificateEntry): boolean {
  return certificateEntryKeys.every((key) => one[key] === other[key])
}

function kubeconfigOfUnknown(name: string): 'files' | undefined {
  return name.includes('kube-etcd') || name.includes('kube-kubelet') ? undefined : 'files'
}
