import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import type { Material } from '../../../src/desired/desired-cluster.ts'
import { parseCertificate } from '../../../src/pki/encoding/certificate.ts'
import type { CertificateEntry, CertificatesBundle } from '../../../src/pki/encoding/certificate-entry.ts'
import { newEntry } from '../../../src/pki/encoding/entry.ts'
import type { KeySource } from '../../../src/pki/encoding/keys.ts'
import { readPrivateKey } from '../../../src/pki/encoding/pem-contents.ts'
import { type WantedCertificate, wantedCertificates } from '../../../src/pki/inventory/wanted.ts'
import { withKubeconfig } from '../../../src/pki/issue/admin.ts'
import { ensureAuthorities, readyToSign } from '../../../src/pki/issue/authorities.ts'
import { issueCertificate } from '../../../src/pki/issue/issue.ts'
import type { SanList } from '../../../src/pki/issue/sans.ts'
import { pooledKeys } from '../../sim/key-pool.ts'

/** Every certificate that any cluster of this process has had, by what it must say, its key and its signer. */
const issued = new Map<string, Promise<CertificateEntry>>()

type Authorities = Awaited<ReturnType<typeof ensureAuthorities>>

/**
 * The certificates of a cluster, as `ensureBundle` makes them, but without making any twice: two clusters with the same
 * nodes and authorities have the same ones.
 */
export async function modelBundle(
  config: ClusterConfig,
  existing: CertificatesBundle | undefined,
): Promise<Material> {
  const authorities = await authoritiesOf(existing)
  const leaves = await Promise.all(
    wantedFor(config).map(async (wanted) => {
      const before = existing?.[wanted.name]
      const isKept =
        before !== undefined && (wanted.row.reissue !== 'names-differ' || hasNames(before, wanted))
      return isKept ? before : issue(wanted, authorities, before?.keyPEM)
    }),
  )
  const ca = authorities['kube-ca'].entry
  const entries = [ca, authorities['kube-apiserver-requestheader-ca'].entry, ...leaves].map((entry) =>
    entry.name === 'kube-admin' ? admin(entry, ca, config) : entry,
  )
  const bundle = Object.fromEntries(entries.map((entry) => [entry.name, entry]).sort())
  const generated = entries.filter(
    ({ name, certificatePEM }) => existing?.[name]?.certificatePEM !== certificatePEM,
  )
  return {
    bundle,
    generated: new Set(generated.map(({ name }) => name)),
    encryptionConfig: undefined,
    encryptionGenerated: false,
  }
}

const named = new Map<string, string>()
const namesText = ({ dnsNames, ips }: SanList): string => JSON.stringify([...dnsNames, ...ips].sort())

function hasNames({ certificatePEM }: CertificateEntry, { profile }: WantedCertificate): boolean {
  const names = named.get(certificatePEM) ?? namesText(parseCertificate(certificatePEM).names)
  named.set(certificatePEM, names)
  return names === namesText(profile.names ?? { dnsNames: [], ips: [] })
}

const wantedOf = new WeakMap<ClusterConfig, readonly WantedCertificate[]>()

function wantedFor(config: ClusterConfig): readonly WantedCertificate[] {
  const wanted = wantedOf.get(config) ?? wantedCertificates(config)
  wantedOf.set(config, wanted)
  return wanted
}

const admins = new Map<string, CertificateEntry>()

/** The same object for the same text, so that comparing two states is quick. */
function admin(entry: CertificateEntry, ca: CertificateEntry, config: ClusterConfig): CertificateEntry {
  const made = withKubeconfig(entry, ca.certificatePEM, { config, localKubeconfigPath: 'kube_config' })
  const known = admins.get(made.config)
  if (known !== undefined) return known
  admins.set(made.config, made)
  return made
}

function issue(
  wanted: WantedCertificate,
  authorities: Authorities,
  ownKey?: string,
): Promise<CertificateEntry> {
  const { name, signer, profile } = wanted
  const { certificate, chain } = authorities[signer]
  const text = JSON.stringify([name, profile.names, certificate.serialNumber, certificate.pem, chain, ownKey])
  const known = issued.get(text)
  if (known !== undefined) return known
  const made = firstKey().then(async (key) => {
    const keyPem = ownKey ?? key
    const by = readyToSign(authorities[signer])
    const pem = await issueCertificate(profile, readPrivateKey(keyPem, name), by, new Date())
    return newEntry(name, `${pem}${profile.usage === 'server' ? chain : ''}`, keyPem)
  })
  issued.set(text, made)
  return made
}

/**
 * What runs of one cluster get their keys from, the same in each story: each run that makes keys gets another one, for whatever it
 * makes.
 */
export function modelKeys(): () => KeySource {
  let runs = 0
  return () => {
    let own: number | undefined
    return {
      generate() {
        own ??= 1 + (runs++ % OTHERS)
        return keyAt(own)
      },
    }
  }
}

/** More than runs of one story make keys. */
const OTHERS = 12
const pool: Promise<string>[] = []

function keyAt(slot: number): Promise<string> {
  pool[slot] ??= pooledKeys.generate()
  return pool[slot]
}

/** That of all certificates of new clusters. */
const firstKey = (): Promise<string> => keyAt(0)

const known = new Map<string, Promise<Authorities>>()

/** Those of a bundle; of a cluster that is new, the same ones each time. */
function authoritiesOf(existing: CertificatesBundle | undefined): Promise<Authorities> {
  const [ca, requestHeaderCa] = [existing?.['kube-ca'], existing?.['kube-apiserver-requestheader-ca']]
  const text = `${ca?.certificatePEM} ${ca?.keyPEM} ${requestHeaderCa?.certificatePEM} ${requestHeaderCa?.keyPEM}`
  const found = known.get(text)
  if (found !== undefined) return found
  const keys = { generate: firstKey }
  const made = ensureAuthorities({ existing, days: 3650, renew: new Set(), keys }, new Date())
  known.set(text, made)
  return made
}
