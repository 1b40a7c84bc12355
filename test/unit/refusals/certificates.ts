import { ecKey, external, file, living, type Refusals, unchanged, withCa } from './refused.ts'

export const CERTIFICATES: Refusals = {
  'pki/authorities.ts: … Certificate or Key is empty: entry "…" in the state cannot sign certificates': {
    files: living(unchanged, withCa({ keyPEM: '' })),
    says: /CA Certificate or Key is empty: entry "kube-ca" in the state cannot sign/,
  },
  'pki/certificate.ts: …: the certificate cannot be read': {
    files: living(
      unchanged,
      withCa({ certificatePEM: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' }),
    ),
    says: /the certificate cannot be read/,
  },
  'pki/certificate.ts: a field is missing': 'it is part of another error',
  'pki/csr.ts: …: there is no certificate signing request in it': 'it ends another command',
  'pki/csr.ts: …: the certificate signing request cannot be read': 'it ends another command',
  "pki/custom.ts: errors.join('\\n')": {
    files: { ...file(''), 'cluster_certs/kube-ca.pem': 'no certificate' },
    flags: '--custom-certs',
    says: /failed to read certificate \[kube-ca\.pem\]/,
  },
  'pki/issue.ts: "…" cannot be a DNS name in a certificate: it holds characters outside ASCII': {
    files: file('authentication: {sans: [münchen.example.org]}'),
    says: /authentication\.sans\[0\]: .*write `xn--mnchen-3ya\.example\.org`/,
  },
  'pki/issue.ts: "…" cannot be an address in a certificate': 'a program that uses the library made a mistake',
  'pki/pem.ts: …: there is no certificate in it': {
    files: living(unchanged, withCa({ certificatePEM: 'text' })),
    says: /there is no certificate in it/,
  },
  'pki/pem.ts: …: there is no private key in it': {
    files: external('text'),
    says: /services\.etcd\.key: there is no private key in it/,
  },
  'pki/pem.ts: …: the private key cannot be read': {
    files: external('-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n'),
    says: /services\.etcd\.key: the private key cannot be read/,
  },
  'pki/pem.ts: …: the private key is …, not RSA': {
    files: external(ecKey('pkcs8')),
    says: /services\.etcd\.key: the private key is ec, not RSA/,
  },
  'pki/read-kubeconfig.ts: the kubeconfig … cannot be used: …': 'it ends another command',
  'pki/renewal.ts: there are no certificates of a service named …': 'it ends another command',
  'pki/sans.ts: Failed to get Kubernetes Service IP: services.kube-api.service_cluster_ip_range holds "…", which is no CIDR':
    {
      files: file('services: {kube-api: {service_cluster_ip_range: 10.43}}'),
      says: /service_cluster_ip_range: "10\.43" is no address range/,
    },
}
