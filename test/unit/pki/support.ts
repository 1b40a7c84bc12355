import { generateKeyPair } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { type ParsedCertificate, parseCertificate } from '../../../src/pki/encoding/certificate.ts'
import type { CertificateConfig, CertificateNode } from '../../../src/pki/encoding/certificate-config.ts'
import type { CertificatesBundle } from '../../../src/pki/encoding/certificate-entry.ts'
import type { KeySource } from '../../../src/pki/encoding/keys.ts'
import { type BundleRequest, type EnsuredBundle, ensureBundle } from '../../../src/pki/issue/bundle.ts'

export const NOW = new Date('2027-03-01T12:00:00Z')
export const DAY_MS = 24 * 60 * 60 * 1000

const made: Promise<string>[] = []

/**
 * Keys for tests: small ones, which are quick to make, and made once per test file. One source never gives
 * the same key twice; `startAt` tells sources of one test apart.
 */
export function testKeys(startAt = 0): KeySource {
  let next = startAt
  return {
    generate() {
      const index = next++
      made[index] ??= smallKey()
      return made[index]
    },
  }
}

/** A source for runs that must not make any key. */
export const noKeys: KeySource = {
  generate: () => Promise.reject(new Error('a key was made')),
}

async function smallKey(): Promise<string> {
  const pair = await promisify(generateKeyPair)('rsa', {
    modulusLength: 1024,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  return pair.privateKey
}

export function node(
  address: string,
  role: readonly string[],
  more: Partial<CertificateNode> = {},
): CertificateNode {
  return { address, internalAddress: address, hostnameOverride: address, role, ...more }
}

export function configOf(
  nodes: readonly CertificateNode[],
  services: {
    readonly kubelet?: Partial<CertificateConfig['services']['kubelet']>
    readonly etcd?: CertificateConfig['services']['etcd']
    readonly kubeApi?: CertificateConfig['services']['kubeApi']
  } = {},
  more: Partial<CertificateConfig> = {},
): CertificateConfig {
  return {
    clusterName: 'local',
    nodes,
    services: {
      kubeApi: { serviceClusterIpRange: '10.43.0.0/16', ...services.kubeApi },
      kubelet: { clusterDomain: 'cluster.local', ...services.kubelet },
      etcd: { ...services.etcd },
    },
    ...more,
  }
}

/** `ensureBundle` with a fixed clock and the test keys. */
export function ensure(
  config: CertificateConfig,
  more: Partial<BundleRequest> & { readonly now?: Date } = {},
): Promise<EnsuredBundle> {
  return ensureBundle({
    config,
    keys: testKeys(),
    clock: () => more.now ?? NOW,
    localKubeconfigPath: './kube_config_cluster.yml',
    ...more,
  })
}

/** The certificate of an entry that must be there. */
export function certificateIn(bundle: CertificatesBundle, name: string): ParsedCertificate {
  return parseCertificate(entryIn(bundle, name).certificatePEM, name)
}

export function entryIn(bundle: CertificatesBundle, name: string) {
  const entry = bundle[name]
  if (entry === undefined) throw new Error(`no entry ${name}`)
  return entry
}

/** The original program's state, of which private keys were taken out. */
export interface ObservedState {
  readonly desiredState: {
    readonly rkeConfig: CertificateConfig
    readonly certificatesBundle: CertificatesBundle
  }
}

export function observedFile(name: string): string {
  return readFileSync(new URL(`../../fixtures/mixed-roles/${name}`, import.meta.url), 'utf8')
}

export function observedState(): ObservedState {
  return JSON.parse(observedFile('cluster.rkestate.json'))
}
