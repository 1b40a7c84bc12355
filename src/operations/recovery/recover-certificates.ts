import { asApplied, asDesired } from '../../config/applied-form.ts'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import { PROVIDER_FILE_NAME, providerTextOf } from '../../desired/encryption/provider-file.ts'
import { StateError } from '../../errors.ts'
import { certificateTexts, isKeyOf, parseCertificate } from '../../pki/encoding/certificate.ts'
import type { CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import { newEntry } from '../../pki/encoding/entry.ts'
import { keyTexts, readAuthorityKey } from '../../pki/encoding/pem-contents.ts'
import { CLUSTER_CA, TOKEN_CERTIFICATE } from '../../pki/inventory/inventory.ts'
import { hasExternalKey } from '../../pki/issue/authorities.ts'
import type { NodeSecrets } from '../../session/certificates/node-secrets.ts'
import type { ClusterState } from '../../state/cluster-state.ts'

/**
 * A state made of the certificates and keys that were found on nodes. What was applied last is not known then:
 * `config` is taken for it. What is missing besides authority and token key is made by the next `up`.
 * @throws StateError if a key that cannot be made again is missing and not external, or the authority's does not belong to it.
 */
export function stateFromSecrets(config: ClusterConfig, found: NodeSecrets): ClusterState {
  const certificatesBundle = bundleOf(found)
  const ca = certificatesBundle[CLUSTER_CA]
  if (!ca?.certificatePEM) throw incomplete(`${CLUSTER_CA}.pem`)
  if (!ca.keyPEM && !hasExternalKey(config)) throw incomplete(`${CLUSTER_CA}-key.pem`)
  if (!certificatesBundle[TOKEN_CERTIFICATE]?.keyPEM && !certificatesBundle['kube-apiserver']?.keyPEM) {
    throw incomplete(`${TOKEN_CERTIFICATE}-key.pem`)
  }
  const certificate = parseCertificate(ca.certificatePEM, `${CLUSTER_CA}.pem`)
  if (ca.keyPEM && !isKeyOf(certificate, readAuthorityKey(ca.keyPEM, `${CLUSTER_CA}-key.pem`))) {
    throw incomplete(`the key that belongs to ${CLUSTER_CA}.pem`)
  }
  const encryptionConfig = providerTextOf(found.get(PROVIDER_FILE_NAME)?.reveal() ?? '')
  const half = { certificatesBundle, ...(encryptionConfig && { encryptionConfig }) }
  return {
    desiredState: { rkeConfig: asDesired(config), ...half },
    currentState: { rkeConfig: asApplied(config), ...half },
  }
}

function bundleOf(found: NodeSecrets): CertificatesBundle {
  const names = [...found.keys()]
    .filter((file) => file.endsWith('.pem') && !file.endsWith('-key.pem'))
    .map((file) => file.slice(0, -'.pem'.length))
    .sort()
  return Object.fromEntries(
    names.map((name) => {
      const certificate = found.get(`${name}.pem`)?.reveal() ?? ''
      const key = found.get(`${name}-key.pem`)?.reveal() ?? ''
      const pem = certificateTexts(certificate, `${name}.pem`)
      const keyPem = key === '' ? '' : keyTexts(key, `${name}-key.pem`)
      return [name, newEntry(name, pem, keyPem)]
    }),
  )
}

function incomplete(what: string): StateError {
  return new StateError(`${what} was not found on any node that can be reached`)
}
