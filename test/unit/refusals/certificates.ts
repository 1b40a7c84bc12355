import { ecKey, external, file, living, type Refusals, unchanged, withCa } from './refused.ts'

export const CERTIFICATES: Refusals = {
  'authorities.ts: … Certificate or Key is empty: entry "…" in the state cannot sign certificates': {
    files: living(unchanged, withCa({ keyPEM: '' })),
    says: /CA Certificate or Key is empty: entry "kube-ca" in the state cannot sign/,
  },
  'certificate.ts: …: the certificate cannot be read': {
    files: living(
      unchanged,
      withCa({ certificatePEM: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' }),
    ),
    says: /the certificate cannot be read/,
  },
  'certificate.ts: a field is missing': 'it is part of another error',
  'csr.ts: …: there is no certificate signing request in it': 'it ends another command',
  'csr.ts: …: the certificate signing request cannot be read': 'it ends another command',
  "custom.ts: errors.join('\\n')": {
    files: { ...file(''), 'cluster_certs/kube-ca.pem': 'no certificate' },
    flags: '--custom-certs',
    says: /failed to read certificate \[kube-ca\.pem\]/,
  },
  'issue.ts: "…" cannot be a DNS name in a certificate: it holds characters outside ASCII': {
    files: file('authentication: {sans: [münchen.example.org]}'),
    says: /authentication\.sans\[0\]: .*write `xn--mnchen-3ya\.example\.org`/,
  },
  'issue.ts: "…" cannot be an address in a certificate': 'a program that uses the library made a mistake',
  'pem-contents.ts: …: there is no certificate in it': {
    files: living(unchanged, withCa({ certificatePEM: 'text' })),
    says: /there is no certificate in it/,
  },
  'pem-contents.ts: …: there is no private key in it': {
    files: external('text'),
    says: /services\.etcd\.key: there is no private key in it/,
  },
  'pem-contents.ts: …: the private key cannot be read': {
    files: external('-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n'),
    says: /services\.etcd\.key: the private key cannot be read/,
  },
  'pem-contents.ts: …: the private key is …, not RSA': {
    files: external(ecKey('pkcs8')),
    says: /services\.etcd\.key: the private key is ec, not RSA/,
  },
  'read-kubeconfig.ts: the kubeconfig … cannot be used: …': 'it ends another command',
  'renewal.ts: there are no certificates of a service named …': 'it ends another command',
  'sans.ts: Failed to get Kubernetes Service IP: services.kube-api.service_cluster_ip_range holds "…", which is not a CIDR':
    {
      files: file('services: {kube-api: {service_cluster_ip_range: 10.43}}'),
      says: /service_cluster_ip_range: "10\.43" is not a CIDR/,
    },
}
