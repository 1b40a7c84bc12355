import { parseCertificate } from '../encoding/certificate.ts'
import type { CertificateConfig } from '../encoding/certificate-config.ts'
import type { CertificateEntry } from '../encoding/certificate-entry.ts'
import { newEntry } from '../encoding/entry.ts'
import { encodePrivateKey, readPrivateKey } from '../encoding/pem-contents.ts'

/**
 * The entries for an external etcd, from the PEM texts in cluster.yml; none without
 * `services.etcd.external_urls`. Only the first certificate of each text counts.
 */
export function externalEtcdEntries(config: CertificateConfig): readonly CertificateEntry[] {
  const { externalUrls, caCert = '', cert = '', key = '' } = config.services.etcd
  if (!externalUrls?.length) return []
  return [
    newEntry(
      'kube-etcd-client',
      parseCertificate(cert, 'services.etcd.cert').pem,
      encodePrivateKey(readPrivateKey(key, 'services.etcd.key')),
    ),
    newEntry('kube-etcd-client-ca', parseCertificate(caCert, 'services.etcd.ca_cert').pem, ''),
  ]
}
