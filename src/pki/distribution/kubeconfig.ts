import { isIPv6 } from 'node:net'
import { API_SERVER_PORT } from '../../config/kubernetes/ports.ts'
import { certificatePath, keyPath } from '../inventory/certificate-names.ts'
import { CLUSTER_CA } from '../inventory/inventory.ts'

/** Where every component on a node finds an API server: its own, or the node's proxy to all of them. */
const LOCAL_SERVER = `https://127.0.0.1:${API_SERVER_PORT}`

/** The certificate data of the administrator's kubeconfig, as PEM text. */
export interface AdminCredentials {
  readonly caPem: string
  readonly certificatePem: string
  readonly keyPem: string
}

/**
 * The kubeconfig of one component, which refers to files on the node. The text, `api-version` line and
 * missing final newline included, is what running clusters have and what is compared.
 */
export function nodeKubeconfig(name: string): string {
  return kubeconfig({
    clusterName: 'local',
    user: `${name}-local`,
    server: LOCAL_SERVER,
    authority: `certificate-authority: ${certificatePath(CLUSTER_CA)}`,
    certificate: `client-certificate: ${certificatePath(name)}`,
    key: `client-key: ${keyPath(name)}`,
  })
}

/** The API server at a node's `address`, as kubeconfigs name it. */
export function serverUrl(address: string): string {
  return `https://${isIPv6(address) ? `[${address}]` : address}:${API_SERVER_PORT}`
}

/** The administrator's kubeconfig for the API server at a node's `address`, all data inside. */
export function adminKubeconfig(address: string, clusterName: string, credentials: AdminCredentials): string {
  const base64 = (pem: string) => Buffer.from(pem, 'utf8').toString('base64')
  return kubeconfig({
    clusterName,
    user: `kube-admin-${clusterName}`,
    server: serverUrl(address),
    authority: `certificate-authority-data: ${base64(credentials.caPem)}`,
    certificate: `client-certificate-data: ${base64(credentials.certificatePem)}`,
    key: `client-key-data: ${base64(credentials.keyPem)}`,
  })
}

interface Parts {
  readonly clusterName: string
  readonly user: string
  readonly server: string
  readonly authority: string
  readonly certificate: string
  readonly key: string
}

function kubeconfig(parts: Parts): string {
  return `apiVersion: v1
kind: Config
clusters:
- cluster:
    api-version: v1
    ${parts.authority}
    server: "${parts.server}"
  name: "${parts.clusterName}"
contexts:
- context:
    cluster: "${parts.clusterName}"
    user: "${parts.user}"
  name: "${parts.clusterName}"
current-context: "${parts.clusterName}"
users:
- name: "${parts.user}"
  user:
    ${parts.certificate}
    ${parts.key}`
}
