import { configOf, ensure, entryIn, node } from '../pki/support.ts'

/** PEM texts for an etcd that somebody else runs: any authority, and a certificate with its key. */
export interface ExternalEtcd {
  readonly caCert: string
  readonly cert: string
  readonly key: string
}

const { bundle } = await ensure(configOf([node('10.0.0.1', ['etcd', 'controlplane'])]))
const { certificatePEM: cert, keyPEM: key } = entryIn(bundle, 'kube-node')

export const externalEtcd: ExternalEtcd = { caCert: entryIn(bundle, 'kube-ca').certificatePEM, cert, key }
