import { createPrivateKey, type KeyObject } from 'node:crypto'
import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import type { Material } from '../../../src/desired/desired-cluster.ts'
import type { CertificateEntry, CertificatesBundle } from '../../../src/pki/encoding/certificate-entry.ts'
import { newEntry } from '../../../src/pki/encoding/entry.ts'
import { type WantedCertificate, wantedCertificates } from '../../../src/pki/inventory/wanted.ts'
import { withKubeconfig } from '../../../src/pki/issue/admin.ts'
import { ensureAuthorities, readyToSign } from '../../../src/pki/issue/authorities.ts'
import { issueCertificate } from '../../../src/pki/issue/issue.ts'
import { pooledKeys } from '../../sim/key-pool.ts'

/** Every certificate that any cluster of this process has had, by what it must say. */
const issued = new Map<string, Promise<CertificateEntry>>()

interface Signers {
  readonly key: KeyObject
  readonly keyPem: string
  readonly authorities: Awaited<ReturnType<typeof ensureAuthorities>>
}

let signers: Promise<Signers> | undefined

/**
 * The certificates of a cluster, as `ensureBundle` makes them, but without making any twice: two clusters with the same
 * nodes have the same ones.
 */
export async function modelBundle(
  config: ClusterConfig,
  existing: CertificatesBundle | undefined,
): Promise<Material> {
  const { authorities } = await prepared()
  const leaves = await Promise.all(
    wantedFor(config).map(async (wanted) => {
      const before = existing?.[wanted.name]
      return before !== undefined && wanted.row.reissue !== 'names-differ' ? before : issue(wanted)
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

function issue(wanted: WantedCertificate): Promise<CertificateEntry> {
  const { name, signer, profile } = wanted
  const text = JSON.stringify([name, profile.names])
  const known = issued.get(text)
  if (known !== undefined) return known
  const made = prepared().then(async ({ key, keyPem, authorities }) => {
    const by = readyToSign(authorities[signer])
    return newEntry(name, await issueCertificate(profile, key, by, new Date()), keyPem)
  })
  issued.set(text, made)
  return made
}

function prepared(): Promise<Signers> {
  signers ??= (async () => {
    const keyPem = await pooledKeys.generate()
    const keys = { generate: async () => keyPem }
    const authorities = await ensureAuthorities(
      { existing: undefined, days: 3650, renew: new Set(), keys },
      new Date(),
    )
    return { keyPem, key: createPrivateKey(keyPem), authorities }
  })()
  return signers
}
