import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { builtInMetadata } from '../../../src/catalog/built-in-metadata.ts'
import { string, uint32 } from '../../../src/node/ssh/wire.ts'
import { ensureBundle } from '../../../src/pki/bundle.ts'
import type { CertificateEntry } from '../../../src/pki/certificate-entry.ts'
import { pooledKeys } from '../../sim/key-pool.ts'
import { fixture, load, pem } from '../config/one-node.ts'

/** A cluster file and what is beside it, which `config validate` and `plan` refuse alike. */
export interface Refused {
  /** Texts of files by their names: `cluster.yml`, and what is beside it; a folder where there is no text. */
  readonly files: Readonly<Record<string, string | undefined>>
  /** The error: a part of what `config validate` prints. */
  readonly says: RegExp
  readonly env?: Readonly<Record<string, string>>
  readonly flags?: string
  /** `plan` finds it later, when a machine has answered. */
  readonly planLater?: true
}

/** Why `config validate` cannot find it. */
export type Elsewhere =
  | 'a machine must be asked'
  | 'a server must be asked'
  | 'it ends another command'
  | 'it is about a flag of a run'
  | 'it is about writing a file'
  | 'a program that uses the library made a mistake'
  | 'it is part of another error'
  | 'only another user sees it'

const elsewhere = (why: Elsewhere): Elsewhere => why

const node = (more = '', role = '[controlplane, etcd, worker]'): string =>
  `nodes:\n- {address: 192.0.2.1, user: u, role: ${role}${more}}\n`
const file = (text: string): Refused['files'] => ({ 'cluster.yml': `${node()}${text}\n` })
const ofNode = (text: string): Refused['files'] => ({ 'cluster.yml': node(`, ${text}`) })

const mixedRoles = new URL('../../fixtures/mixed-roles/', import.meta.url)
const mixed = readFileSync(new URL('cluster.yml', mixedRoles), 'utf8').replaceAll('id_ed25519', 'id_rsa')
const stateText = readFileSync(new URL('cluster.rkestate.json', mixedRoles), 'utf8')

interface Half {
  rkeConfig: { nodes: { sshKey?: string }[] }
  certificatesBundle: Record<string, CertificateEntry>
  encryptionConfig?: string
}

/** Certificates of the cluster, from an authority of their own. */
const newBundle = async (): Promise<Record<string, CertificateEntry>> => ({
  ...(
    await ensureBundle({
      config: load(mixed).config,
      keys: pooledKeys,
      clock: () => new Date(),
      localKubeconfigPath: './kube_config_cluster.yml',
    })
  ).bundle,
})
const bundle = await newBundle()

/** The files of a living cluster, with another cluster file, or another state. */
function living(edit: (yaml: string) => string, change: (half: Half) => void = () => {}): Refused['files'] {
  const state = JSON.parse(stateText) as { currentState: Half; desiredState: Half }
  for (const half of [state.currentState, state.desiredState]) {
    half.certificatesBundle = structuredClone(bundle)
    change(half)
  }
  return { 'cluster.yml': edit(mixed), 'cluster.rkestate': JSON.stringify(state) }
}
const unchanged = (yaml: string): string => yaml
const withCa =
  (part: Partial<CertificateEntry>) =>
  ({ certificatesBundle }: Half): void => {
    // A new certificate is needed, so the authority must sign.
    delete certificatesBundle['kube-scheduler']
    Object.assign(certificatesBundle['kube-ca'] ?? {}, part)
  }

/** A whole set of certificates of another authority, as a folder of the user's own. */
const ownCertificates = Object.fromEntries(
  Object.entries(await newBundle()).flatMap(([name, { certificatePEM, keyPEM }]) => [
    [`cluster_certs/${name}.pem`, certificatePEM],
    [`cluster_certs/${name}-key.pem`, keyPEM],
  ]),
)

const ecKey = (form: 'sec1' | 'pkcs8'): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: form, format: 'pem' })
    .toString()
const external = (key: string): Refused['files'] => ({
  'cluster.yml': `${node('', '[controlplane, worker]')}services: {etcd: {external_urls: ["https://e:2379"], path: /p, ca_cert: ${pem.certificate}, cert: ${pem.certificate}, key: "\${file:etcd.pem}"}}\n`,
  'etcd.pem': key,
})
const encrypted = (resources: string): string =>
  `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: [${resources}]\n  providers:\n  - aescbc: {keys: [{name: k, secret: ${Buffer.alloc(32, 1).toString('base64')}}]}\n  - identity: {}\n`
const withEncryption = (yaml: string): string =>
  yaml.replace('services:\n', 'services:\n  kube-api: {secrets_encryption_config: {enabled: true}}\n')

/** An OpenSSH certificate of a key that nobody has. */
function certificate(id: string): string {
  const type = 'ssh-ed25519-cert-v01@openssh.com'
  const number = (value: bigint): Buffer => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64BE(value)
    return bytes
  }
  const blob = Buffer.concat([
    ...[string(type), string('nonce'), string(Buffer.alloc(32, 7)), number(5n), uint32(1), string(id)],
    ...[string(string('u')), number(0n), number(2n ** 62n)],
  ])
  return `"${type} ${blob.toString('base64')}"`
}

const metadata = (change: object): string => JSON.stringify({ ...builtInMetadata, ...change })
const withMetadata = (text: string | undefined): Pick<Refused, 'files' | 'env'> => ({
  files: { ...file(''), 'metadata.json': text },
  env: { RANCHER_METADATA_URL: 'HOME/metadata.json' },
})

/**
 * Every place in the source that makes an error about a cluster file, its state, or what it names. Each is refused by
 * `config validate`, or says why it cannot be.
 */
export const REFUSALS: Readonly<Record<string, Refused | Elsewhere>> = {
  // Add-ons.
  'addons/flannel/flannel-manifest.ts: network.mtu cannot be set for the plugin flannel': {
    files: file('network: {plugin: flannel, mtu: 1400}'),
    says: /network\.mtu: cannot be set for flannel/,
  },
  'addons/options.ts: network.options.… is …, which is not a whole number': {
    files: file('network: {plugin: flannel, options: {flannel_backend_vni: one}}'),
    says: /network\.options\.flannel_backend_vni: must be a whole number/,
  },
  'addons/select.ts: …: … is not supported yet': {
    files: file('kubernetes_version: v1.27.16-rancher1-1\nnetwork: {plugin: weave}'),
    says: /network\.plugin: weave is not supported yet; use one of canal/,
  },

  // Versions.
  'catalog/catalog.ts: Kubernetes version … is not known': {
    files: file('kubernetes_version: v1.30.99-rancher1-1'),
    says: /kubernetes_version: v1\.30\.99-rancher1-1 is not known; use v1\.30\.5-rancher1-1/,
  },
  'catalog/catalog.ts: no component flags are known for Kubernetes …': {
    files: { 'cluster.yml': fixture('old-version-all-images.yml') },
    says: /the flags of Kubernetes v1\.20 are not known/,
  },
  'catalog/catalog.ts: the ranges … of the add-on … overlap at Kubernetes …': {
    ...withMetadata(
      metadata({ K8sVersionedTemplates: { canal: { '>=1.20.0-rancher0': 'a', '>=1.28.0-rancher0': 'b' } } }),
    ),
    says: /cluster\.yml: network\.plugin: the ranges .* of the add-on canal overlap/,
  },
  'catalog/catalog.ts: there is no manifest of the add-on … for Kubernetes …': {
    ...withMetadata(metadata({ K8sVersionedTemplates: {} })),
    says: /cluster\.yml: network\.plugin: there is no manifest of the add-on canal/,
  },
  'catalog/fetch-document.ts: the server answered … …': elsewhere('a server must be asked'),
  'catalog/fetch-document.ts: it is larger than … MiB': elsewhere('a server must be asked'),
  'catalog/fetch-document.ts: it was not there after … s': elsewhere('a server must be asked'),
  'catalog/fetch-document.ts: it is no valid URL': {
    files: file(''),
    env: { RANCHER_METADATA_URL: 'http://[' },
    says: /cannot read the version metadata at http:\/\/\[: it is no valid URL/,
  },
  'catalog/metadata.ts: … is not Kubernetes version metadata: …': {
    ...withMetadata('{}'),
    says: /metadata\.json.*it holds no Kubernetes versions/,
  },
  'catalog/open-catalog.ts: it is a folder': {
    ...withMetadata(undefined),
    says: /metadata\.json: it is a folder/,
  },
  'catalog/open-catalog.ts: it is larger than … MiB': elsewhere('it is part of another error'),
  'catalog/open-catalog.ts: its SHA-256 is …, not …': elsewhere(
    'a program that uses the library made a mistake',
  ),
  'catalog/open-catalog.ts: cannot read the version metadata at …: …': {
    files: file(''),
    env: { RANCHER_METADATA_URL: '/nowhere/metadata.json' },
    says: /cannot read the version metadata at \/nowhere\/metadata\.json/,
  },

  // The command line and files of this machine.
  'cli/arguments.ts: --… and -… are the same flag; give one of them': elsewhere('it ends another command'),
  'cli/arguments.ts: --… is true or false, not "…"': {
    files: file(''),
    flags: '--strict=maybe',
    says: /--strict is true or false, not \\"maybe\\"/,
  },
  'cli/arguments.ts: --… needs a value': {
    files: file(''),
    flags: '--cert-dir',
    says: /--cert-dir needs a value/,
  },
  'cli/commands/images-load.ts: --local and --nodes cannot be used together':
    elsewhere('it ends another command'),
  'cli/local/archive-file.ts: --file … is a folder; name a file in it': elsewhere('it ends another command'),
  'cli/local/archive-file.ts: the folder of --file … is not there': elsewhere('it ends another command'),
  'cli/local/archive-file.ts: cannot read the archive …': elsewhere('it ends another command'),
  'cli/local/archive-file.ts: --file … is no file': elsewhere('it ends another command'),
  'cli/local/archive-file.ts: the archive … is empty': elsewhere('it ends another command'),
  'cli/local/archive-file.ts: --file is missing': elsewhere('it ends another command'),
  'cli/local/ask.ts: the question was not answered: the input has ended':
    elsewhere('it ends another command'),
  'cli/local/certificate-folder.ts: the certificate folder … cannot be written: …':
    elsewhere('it ends another command'),
  'cli/local/certificate-folder.ts: cannot read the certificate folder …': {
    files: file(''),
    flags: '--custom-certs',
    says: /cannot find the certificate folder .*cluster_certs/,
  },
  'cli/local/certificate-folder.ts: it is too large for a certificate': {
    files: { ...file(''), 'cluster_certs/kube-ca.pem': 'a'.repeat(2 ** 21) },
    flags: '--custom-certs',
    says: /kube-ca\.pem cannot be read: it is too large for a certificate/,
  },
  'cli/local/certificate-folder.ts: … cannot be read: …': {
    files: { ...file(''), 'cluster_certs/kube-ca.pem': undefined },
    flags: '--custom-certs',
    says: /kube-ca\.pem cannot be read: EISDIR/,
  },
  'cli/local/cluster-bytes.ts: the name of the cluster file is empty': {
    files: {},
    flags: '--config=',
    says: /the name of the cluster file is empty/,
  },
  'cli/local/cluster-bytes.ts: cannot find the cluster file …': {
    files: {},
    says: /cannot find the cluster file/,
  },
  'cli/local/cluster-bytes.ts: the cluster file … is a folder': {
    files: { 'cluster.yml': undefined },
    says: /the cluster file .*cluster\.yml is a folder/,
  },
  'cli/local/cluster-bytes.ts: the cluster file … may not be read by this user':
    elsewhere('only another user sees it'),
  'cli/local/cluster-bytes.ts: cannot read the cluster file …': {
    files: {},
    flags: '--config=/dev/null/cluster.yml',
    says: /cannot read the cluster file \/dev\/null\/cluster\.yml/,
  },
  'cli/local/kubeconfig-file.ts: the kubeconfig … cannot be written': elsewhere('it is about writing a file'),
  'cli/local/kubeconfig-file.ts: cannot read the kubeconfig …': elsewhere('it ends another command'),
  'cli/local/kubeconfig-file.ts: the kubeconfig … cannot be replaced': elsewhere(
    'it is about writing a file',
  ),
  'cli/local/local-docker.ts: DOCKER_HOST is "…", which is not understood': {
    files: file(''),
    flags: '--local',
    env: { DOCKER_HOST: 'smoke://signals' },
    says: /DOCKER_HOST is \\"smoke:\/\/signals\\", which is not understood/,
  },
  'cli/local/local-docker.ts: cannot read …, which Docker at DOCKER_HOST needs': {
    files: file(''),
    flags: '--local',
    env: { DOCKER_HOST: 'tcp://127.0.0.1:1', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/nowhere' },
    says: /cannot read \/nowhere\/.*, which Docker at DOCKER_HOST needs/,
  },
  'cli/local/new-cluster-file.ts: the name of the file is empty': elsewhere('it ends another command'),
  'cli/local/new-cluster-file.ts: … is a folder': elsewhere('it ends another command'),
  'cli/local/new-cluster-file.ts: the file … cannot be written': elsewhere('it ends another command'),
  'cli/local/questionnaire.ts: there is no answer to "…": the input has ended':
    elsewhere('it ends another command'),
  "cli/program.ts: thrown.message.replace(/^error: /, '')": {
    files: file(''),
    flags: '--frobnicate',
    says: /--frobnicate/,
  },
  'cli/program.ts: "rke …" takes no argument "…"': elsewhere('it ends another command'),
  'cli/program.ts: "rke …" takes one file': elsewhere('it ends another command'),
  'cli/program.ts: … is not supported yet': elsewhere('it ends another command'),

  // The cluster file.
  'config/cluster-file-error.ts: … has …:\n…': {
    files: file('network: {plugin: [canal]}'),
    says: /network\.plugin: must be a single text/,
  },
  'config/images/image-lists.ts: Kubernetes version … is not known; the versions on offer are […]':
    elsewhere('it ends another command'),
  'config/port.ts: … is …, which is no port': {
    files: file('ingress: {network_mode: hostPort, extra_args: {http-port: web}}'),
    says: /ingress\.extra_args\.http-port: must be a port number/,
  },
  'config/secrets.ts: … secrets cannot be got:\n…': {
    files: file(`private_registries: [{url: r, user: u, password: "\${env:NOT_SET}"}]`),
    flags: '--strict',
    says: /private_registries\[0\]\.password: the environment variable NOT_SET is not set/,
  },
  'config/writing/questions.ts: the number of hosts must be a whole number up to …, not "…"':
    elsewhere('it ends another command'),
  'desired/files/cloud-config.ts: cloud_provider.… is missing': {
    files: file('cloud_provider: {name: azure}'),
    says: /cloud_provider\.name: azure needs the block azureCloudProvider/,
  },
  'desired/files/cloud/aws.ts: cloud_provider.awsCloudProvider.service_override cannot be written to the nodes':
    {
      files: file(
        'kubernetes_version: v1.26.15-rancher1-1\ncloud_provider: {awsCloudProvider: {service_override: {a: {service: s}}}}',
      ),
      says: /service_override: cannot be used/,
    },
  'desired/files/encryption-providers.ts: the encryption provider file in the cluster state cannot be read: …':
    {
      files: living(withEncryption, (half) => {
        half.encryptionConfig = 'a: ['
      }),
      says: /encryption provider file in the cluster state cannot be read: it is not YAML/,
      planLater: true,
    },
  'operations/chosen-nodes.ts: no node of cluster.yml has the address …': elsewhere(
    'it is about a flag of a run',
  ),
  'operations/decide.ts: no etcd member that stays is healthy, and etcd on … is to be changed':
    elsewhere('a machine must be asked'),
  'operations/discreet-run.ts: the configuration refers to values outside of it, and nothing says where they are':
    elsewhere('a program that uses the library made a mistake'),
  'operations/encryption-guards.ts: message': {
    files: living(unchanged, (half) => {
      half.encryptionConfig = encrypted('secrets, configmaps')
    }),
    says: /secrets_encryption_config would no longer read configmaps as they are stored/,
    planLater: true,
  },
  'operations/foreign-copy.ts: FOREIGN_COPY': elsewhere('a machine must be asked'),
  'operations/foreign-copy.ts: another run has changed the cluster while this plan was made':
    elsewhere('a machine must be asked'),
  'operations/get-kubeconfig.ts: …, so there is nothing to make a kubeconfig of':
    elsewhere('it ends another command'),
  'operations/guards.ts: there is no state file, but a cluster runs on …':
    elsewhere('a machine must be asked'),
  'operations/guards.ts: Etcd plane nodes are replaced: none of … stays': {
    files: living((yaml) => yaml.replaceAll('10.66.0.11', '10.66.0.21')),
    says: /cluster\.yml:1:1: nodes: Etcd plane nodes are replaced: none of 10\.66\.0\.11 stays/,
  },
  'operations/guards.ts: what': {
    files: living((yaml) => yaml.replace('v1.30.4', 'v1.28.14')),
    says: /cluster\.yml:5:1: kubernetes_version: Kubernetes v1\.28\.14-rancher1-1 is older than v1\.30\.4-rancher1-1/,
  },
  'operations/guards.ts: etcd nodes leave, but no etcd member that stays is healthy':
    elsewhere('a machine must be asked'),
  'operations/guards.ts: without … etcd has … members, of which … are healthy and … are needed':
    elsewhere('a machine must be asked'),
  'operations/guards.ts: cannot go on without …: …': elsewhere('a machine must be asked'),
  'operations/guards.ts: network.plugin says …, but … is installed in the cluster':
    elsewhere('a machine must be asked'),
  'operations/guards.ts: cluster.yml asks for …, which this version cannot do yet': {
    files: living((yaml) => `${yaml}rotate_certificates: {}\n`),
    says: /cluster\.yml:11:1: rotate_certificates: cluster\.yml asks for rotate_certificates/,
  },
  'operations/leaving.ts: … leaves the cluster: …': {
    files: living(
      (yaml) => yaml.replace(/.*10\.66\.0\.13.*\n/, ''),
      ({ rkeConfig }) => {
        Object.assign(rkeConfig.nodes[2] ?? {}, { sshKey: `\${env:GONE}` })
      },
    ),
    says: /10\.66\.0\.13 leaves the cluster: .*environment variable GONE is not set/,
  },
  'operations/make-material.ts: kube-ca.pem is not the CA that this cluster was built with': {
    files: { ...living(unchanged), ...ownCertificates },
    flags: '--custom-certs',
    says: /kube-ca\.pem is not the CA that this cluster was built with/,
  },
  'operations/missed-members.ts: etcd on … must be replaced or restarted, but … cannot be reached: of … members … would be left meanwhile, and … are needed':
    elsewhere('a machine must be asked'),
  'operations/read-user-manifests.ts: addons_include names files or URLs, and nothing was given that reads them':
    elsewhere('a program that uses the library made a mistake'),
  'operations/recover-certificates.ts: … was not found on any node that can be reached':
    elsewhere('it ends another command'),
  'operations/recover-state.ts: no node gave the state or the keys of the cluster: …':
    elsewhere('it ends another command'),
  'operations/recover-state.ts: the node has no certificates of a cluster':
    elsewhere('it ends another command'),
  'operations/recover-state.ts: the cluster has no copy of its state': elsewhere('it ends another command'),
  'operations/registry-logins.ts: private_registries: … has an ecr_credential_plugin, but is no registry of Amazon ECR':
    elsewhere('a machine must be asked'),
  'operations/rollout-settings.ts: upgrade_strategy.…: … is neither a number above 0 nor a percentage above 0%':
    {
      files: file('upgrade_strategy: {max_unavailable_worker: all}'),
      says: /max_unavailable_worker: "all" is no number of nodes/,
    },
  'operations/up.ts: the cluster is no longer as it was when this plan was made':
    elsewhere('a machine must be asked'),
  'plan/restrict-plan.ts: … on … must wait for … on …, which is not among the chosen nodes': elsewhere(
    'it is about a flag of a run',
  ),
  'actions/etcd-members.ts: removing … would leave … healthy of … members, and … are needed':
    elsewhere('a machine must be asked'),
  'engine/order.ts: The plan waits for itself at …': elsewhere(
    'a program that uses the library made a mistake',
  ),

  // Certificates.
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
  'pki/certificate.ts: a field is missing': elsewhere('it is part of another error'),
  'pki/csr.ts: …: there is no certificate signing request in it': elsewhere('it ends another command'),
  'pki/csr.ts: …: the certificate signing request cannot be read': elsewhere('it ends another command'),
  "pki/custom.ts: errors.join('\\n')": {
    files: { ...file(''), 'cluster_certs/kube-ca.pem': 'no certificate' },
    flags: '--custom-certs',
    says: /failed to read certificate \[kube-ca\.pem\]/,
  },
  'pki/issue.ts: "…" cannot be a DNS name in a certificate: it holds characters outside ASCII': {
    files: file('authentication: {sans: [münchen.example.org]}'),
    says: /authentication\.sans\[0\]: .*write `xn--mnchen-3ya\.example\.org`/,
  },
  'pki/issue.ts: "…" cannot be an address in a certificate': elsewhere(
    'a program that uses the library made a mistake',
  ),
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
  'pki/read-kubeconfig.ts: the kubeconfig … cannot be used: …': elsewhere('it ends another command'),
  'pki/renewal.ts: there are no certificates of a service named …': elsewhere('it ends another command'),
  'pki/sans.ts: Failed to get Kubernetes Service IP: services.kube-api.service_cluster_ip_range holds "…", which is no CIDR':
    {
      files: file('services: {kube-api: {service_cluster_ip_range: 10.43}}'),
      says: /service_cluster_ip_range: "10\.43" is no address range/,
    },

  // The state.
  'state/file-state-store.ts: … cannot be …: …': {
    files: { ...file(''), 'cluster.rkestate': undefined },
    says: /cluster\.rkestate cannot be read: EISDIR/,
  },
  'state/file-state-store.ts: … was changed by someone else since it was read': elsewhere(
    'it is about writing a file',
  ),
  'state/memory-state-store.ts: the state was changed by someone else since it was read': elsewhere(
    'it is about writing a file',
  ),
  'state/state-json.ts: … is damaged: …': {
    files: { ...file(''), 'cluster.rkestate': '{' },
    says: /cluster\.rkestate is damaged: it is not complete JSON/,
  },

  // Logging in to machines.
  'node/ssh-transport.ts: …: "…" is not a port': {
    files: ofNode('port: ssh'),
    says: /nodes\[0\]\.port: "ssh" is no port/,
  },
  'node/ssh/credentials.ts: SSH certificate … cannot be used: …': {
    files: ofNode('ssh_cert: text'),
    says: /nodes\[0\]\.ssh_cert: SSH certificate ssh_cert cannot be used/,
  },
  'node/ssh/credentials.ts: SSH certificate "…" was issued for another key than …': {
    files: ofNode(`ssh_cert: ${certificate('somebody')}`),
    says: /SSH certificate "somebody" was issued for another key than/,
  },
  'node/ssh/credentials.ts: ssh_agent_auth is on, but no SSH agent is running': {
    files: file('ssh_agent_auth: true'),
    says: /cluster\.yml:3:1: ssh_agent_auth: ssh_agent_auth is on, but no SSH agent is running/,
  },
  'node/ssh/credentials.ts: no SSH key is given': elsewhere('a program that uses the library made a mistake'),
  'node/ssh/key-reader.ts: SSH key … cannot be used: …': {
    files: { ...ofNode('ssh_key_path: HOME/key'), key: 'text' },
    says: /nodes\[0\]\.ssh_key_path: SSH key .*key cannot be used: it is not a private key/,
  },
  'node/ssh/key-reader.ts: … … cannot be read: …': {
    files: file('ssh_key_path: /nowhere/key'),
    says: /cluster\.yml:3:1: ssh_key_path: ssh_key_path \/nowhere\/key cannot be read: ENOENT/,
  },
}
