import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { builtInMetadata } from '../../../src/catalog/built-in-metadata.ts'
import { string, uint32 } from '../../../src/node/ssh/keys/wire.ts'
import type { CertificateEntry } from '../../../src/pki/encoding/certificate-entry.ts'
import { ensureBundle } from '../../../src/pki/issue/bundle.ts'
import { pooledKeys } from '../../sim/key-pool.ts'
import { load, pem } from '../config/one-node.ts'

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

export const node = (more = '', role = '[controlplane, etcd, worker]'): string =>
  `nodes:\n- {address: 192.0.2.1, user: u, role: ${role}${more}}\n`
export const file = (text: string): Refused['files'] => ({ 'cluster.yml': `${node()}${text}\n` })
export const ofNode = (text: string): Refused['files'] => ({ 'cluster.yml': node(`, ${text}`) })

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
export function living(
  edit: (yaml: string) => string,
  change: (half: Half) => void = () => {},
): Refused['files'] {
  const state = JSON.parse(stateText) as { currentState: Half; desiredState: Half }
  for (const half of [state.currentState, state.desiredState]) {
    half.certificatesBundle = structuredClone(bundle)
    change(half)
  }
  return { 'cluster.yml': edit(mixed), 'cluster.rkestate': JSON.stringify(state) }
}
export const unchanged = (yaml: string): string => yaml
export const withCa =
  (part: Partial<CertificateEntry>) =>
  ({ certificatesBundle }: Half): void => {
    // A new certificate is needed, so the authority must sign.
    delete certificatesBundle['kube-scheduler']
    Object.assign(certificatesBundle['kube-ca'] ?? {}, part)
  }

/** A whole set of certificates of another authority, as a folder of the user's own. */
export const ownCertificates = Object.fromEntries(
  Object.entries(await newBundle()).flatMap(([name, { certificatePEM, keyPEM }]) => [
    [`cluster_certs/${name}.pem`, certificatePEM],
    [`cluster_certs/${name}-key.pem`, keyPEM],
  ]),
)

export const ecKey = (form: 'sec1' | 'pkcs8', namedCurve = 'P-256'): string =>
  generateKeyPairSync('ec', { namedCurve }).privateKey.export({ type: form, format: 'pem' }).toString()
export const external = (key: string): Refused['files'] => ({
  'cluster.yml': `${node('', '[controlplane, worker]')}services: {etcd: {external_urls: ["https://e:2379"], path: /p, ca_cert: ${pem.certificate}, cert: ${pem.certificate}, key: "\${file:etcd.pem}"}}\n`,
  'etcd.pem': key,
})
export const encrypted = (resources: string): string =>
  `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: [${resources}]\n  providers:\n  - aescbc: {keys: [{name: k, secret: ${Buffer.alloc(32, 1).toString('base64')}}]}\n  - identity: {}\n`
export const withEncryption = (yaml: string): string =>
  yaml.replace('services:\n', 'services:\n  kube-api: {secrets_encryption_config: {enabled: true}}\n')

/** An OpenSSH certificate of a key that nobody has. */
export function certificate(id: string): string {
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

export const metadata = (change: object): string => JSON.stringify({ ...builtInMetadata, ...change })
export const withMetadata = (text: string | undefined): Pick<Refused, 'files' | 'env'> => ({
  files: { ...file(''), 'metadata.json': text },
  env: { RANCHER_METADATA_URL: 'HOME/metadata.json' },
})

/**
 * Places in the source that make an error about a cluster file, its state, or what it names: each with what `config validate`
 * refuses because of it, or with why that is found elsewhere.
 */
export type Refusals = Readonly<Record<string, Refused | Elsewhere>>
