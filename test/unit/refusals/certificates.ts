import { openCompany } from '../pki/own-ca.ts'
import { ecKey, external, file, living, type Refusals, type Refused, unchanged, withCa } from './refused.ts'

const company = openCompany()
const [otherKey, limited] = [
  company.authority('Other') && company.key('Other'),
  {
    certificatePEM: company.authority('Limited', {
      extensions: ['basicConstraints=critical,CA:TRUE', 'nameConstraints=critical,excluded;DNS:localhost'],
    }),
    keyPEM: company.key('Limited'),
  },
]
company.close()
const keyElsewhere = (yaml: string): string => `${yaml}\ncertificates: {ca_key: external}\n`

function halfReplacedCa(): Refused {
  const files = living(unchanged)
  const state = JSON.parse(files['cluster.rkestate'] ?? '')
  const next = structuredClone(state.currentState.certificatesBundle)
  state.desiredState.certificatesBundle['kube-ca'].certificatePEM = limited.certificatePEM
  state.caRotation = { startedAt: '2026-01-01T00:00:00Z', next, immediately: true }
  return {
    files: { ...files, 'cluster.rkestate': JSON.stringify(state) },
    says: /the CA is being replaced at once since 2026-01-01T00:00:00Z.*"rke cert rotate", which goes on/,
  }
}

export const CERTIFICATES: Refusals = {
  'unfinished.ts: the CA is being replaced at once since …, which is not done yet': halfReplacedCa(),
  'must-change-at-once.ts: the CA was replaced by a run that was killed, and what runs on the nodes may not trust it yet':
    'a machine must be asked',
  'authority-files.ts: --custom-certs does not go with --ca-cert and --ca-key': {
    files: file(''),
    flags: '--custom-certs --ca-key=ca.key',
    says: /--custom-certs does not go with --ca-cert and --ca-key/,
  },
  'authority-files.ts: … cannot be read': {
    files: file(''),
    flags: '--ca-key=/nowhere/ca.key',
    says: /\/nowhere\/ca\.key cannot be read/,
  },
  'authority-refusals.ts: a new CA issues all certificates, and its key was not given':
    'it is about a flag of a run',
  'authority-refusals.ts: the cluster has another CA than … with the certificates above it':
    'it is about a flag of a run',
  'authority-refusals.ts: what': {
    files: { 'cluster.yml': keyElsewhere(file('')['cluster.yml'] ?? '') },
    says: /certificates\.ca_key: cluster\.yml says that the key of the CA is kept elsewhere, and no CA was given/,
  },
  'authority-refusals.ts: … is not the key of …, the CA of the cluster': {
    files: living(unchanged),
    env: { RKE_CA_KEY: otherKey },
    says: /RKE_CA_KEY is not the key of CN=kube-ca, the CA of the cluster/,
  },
  'authority-refusals.ts: … Certificate or Key is empty: entry "…" in the state cannot sign certificates': {
    files: living(unchanged, withCa({ keyPEM: '' })),
    says: /CA Certificate or Key is empty: entry "kube-ca" in the state cannot sign/,
  },
  "own-authority.ts: errors.join('\\n')": {
    files: file(''),
    env: { RKE_CA_KEY: 'text' },
    says: /RKE_CA_KEY: there is no private key in it/,
  },
  'rotation-steps.ts: a rotation to another CA was begun, and is not done': 'it ends another command',
  'unissuable.ts: the key of the CA is kept elsewhere, and these certificates must be issued: …': {
    files: living(keyElsewhere, withCa({ keyPEM: '' })),
    says: /must be issued: kube-scheduler \(it is missing\)/,
  },
  'unissuable.ts: the name constraints of the CA (…) do not allow …, which … gets': {
    files: living(unchanged, ({ certificatesBundle }) => {
      delete certificatesBundle['kube-apiserver']
      Object.assign(certificatesBundle['kube-ca'] ?? {}, limited)
    }),
    says: /the CA \(CN=Limited, O=Acme\) do not allow DNS localhost, which kube-apiserver gets/,
  },
  'certificate.ts: …: the certificate cannot be read': {
    files: living(
      unchanged,
      withCa({ certificatePEM: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' }),
    ),
    says: /the certificate cannot be read/,
  },
  'ca-rotation-guards.ts: the CA of a cluster with Kubernetes … is not rotated in stages':
    'it ends another command',
  'ca-rotation-guards.ts: services.kube-controller.extra_args sets …': 'it ends another command',
  'ca-rotation-guards.ts: the Kubernetes API does not answer': 'it ends another command',
  'ca-rotation-guards.ts: … is not Ready': 'it ends another command',
  'refuse-unfinished-change.ts: the cluster is not as it was applied last: ……': 'it ends another command',
  'begun-nodes.ts: an earlier run has begun to add …, and is not done': 'it ends another command',
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
  'pem-contents.ts: …: …': {
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
  'pem-contents.ts: …: the private key is …, neither RSA nor EC on …': {
    files: living(unchanged, withCa({ keyPEM: ecKey('pkcs8', 'secp256k1') })),
    says: /the private key is ec on the curve secp256k1, neither RSA nor EC on P-256/,
  },
  'read-kubeconfig.ts: the kubeconfig … cannot be used: …': 'it ends another command',
  'renewal.ts: there are no certificates of a service named …': 'it ends another command',
  'rotate-authorities.ts: no rotation of the CA was begun that could be finished': 'it ends another command',
  'sans.ts: Failed to get Kubernetes Service IP: services.kube-api.service_cluster_ip_range holds "…", which is not a CIDR':
    {
      files: file('services: {kube-api: {service_cluster_ip_range: 10.43}}'),
      says: /service_cluster_ip_range: "10\.43" is not a CIDR/,
    },
  'signature.ts: nothing can be signed with a key of the type …':
    'a program that uses the library made a mistake',
}
