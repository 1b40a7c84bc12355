import type { ActionContext } from '../../actions/action-handler.ts'
import { openProbe } from '../../node/containers/health.ts'
import type { Node } from '../../node/node.ts'
import type { CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import { Secret } from '../../secret.ts'
import type { Time } from '../../time.ts'

/**
 * Asks components through their nodes. Those with a certificate of the cluster are verified; the others sign one
 * for themselves.
 */
export function probeThrough(
  nodeAt: (address: string) => Node,
  bundle: CertificatesBundle,
  time?: Time,
): ActionContext['probe'] {
  return (address, check) =>
    openProbe(nodeAt(address), check, { ...tlsOptions(check.clientCertificate, bundle), time })
}

function tlsOptions(name: string | undefined, bundle: CertificatesBundle) {
  const entry = name === undefined ? undefined : bundle[name]
  if (entry === undefined) return {}
  return {
    ca: bundle['kube-ca']?.certificatePEM,
    clientCert: { cert: entry.certificatePEM, key: new Secret(entry.keyPEM) },
  }
}
