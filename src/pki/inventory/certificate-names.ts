import { CERTIFICATE_FOLDER } from '../../node-paths.ts'
import type { CertificateNode } from '../encoding/certificate-config.ts'

/** The certificate file as containers see it. */
export function certificatePath(name: string): string {
  return `${CERTIFICATE_FOLDER}/${name}.pem`
}

/** The key file as containers see it. */
export function keyPath(name: string): string {
  return `${CERTIFICATE_FOLDER}/${name}-key.pem`
}

/** The kubeconfig file as containers see it. */
export function kubeconfigPath(name: string): string {
  return `${CERTIFICATE_FOLDER}/kubecfg-${name}.yaml`
}

/** The file of a certificate signing request in a local certificate directory. */
export function csrFileName(name: string): string {
  return `${name}-csr.pem`
}

/** The environment variable name that the state file keeps for a certificate. */
export function envName(name: string): string {
  return name.toUpperCase().replaceAll('-', '_')
}

/** `kube-etcd-10-0-0-11`: the etcd certificate of one node. */
export function etcdCertificateName(node: CertificateNode): string {
  return `kube-etcd-${nodePart(node)}`
}

/** `kube-kubelet-10-0-0-11`: the kubelet's serving certificate of one node. */
export function kubeletCertificateName(node: CertificateNode): string {
  return `kube-kubelet-${nodePart(node)}`
}

function nodePart(node: CertificateNode): string {
  const address = node.internalAddress ? node.internalAddress : node.address
  return address.replaceAll('.', '-').toLowerCase()
}
