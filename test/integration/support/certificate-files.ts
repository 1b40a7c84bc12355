import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CertificateConfig } from '../../../src/pki/encoding/certificate-config.ts'
import type { CertificatesBundle } from '../../../src/pki/encoding/certificate-entry.ts'
import { newKeys } from '../../../src/pki/encoding/keys.ts'
import { ensureBundle } from '../../../src/pki/issue/bundle.ts'
import { Secret } from '../../../src/secret.ts'

/** The certificates of a cluster whose nodes are loopback addresses, as the product makes them, in files. */
export class CertificateFiles implements Disposable {
  readonly dir: string = mkdtempSync(join(tmpdir(), 'rke-certificates-'))
  readonly bundle: CertificatesBundle

  private constructor(bundle: CertificatesBundle) {
    this.bundle = bundle
    for (const { name, certificatePEM, keyPEM } of Object.values(bundle)) {
      writeFileSync(join(this.dir, `${name}.pem`), certificatePEM)
      writeFileSync(join(this.dir, `${name}-key.pem`), keyPEM)
    }
  }

  static async create(addresses: readonly string[]): Promise<CertificateFiles> {
    const config: CertificateConfig = {
      clusterName: 'local',
      nodes: addresses.map((address) => ({
        address,
        internalAddress: address,
        hostnameOverride: address,
        role: ['controlplane', 'etcd', 'worker'],
      })),
      services: {
        kubeApi: { serviceClusterIpRange: '10.43.0.0/16' },
        kubelet: { clusterDomain: 'cluster.local' },
        etcd: {},
      },
    }
    const request = { config, keys: newKeys, clock: () => new Date(), localKubeconfigPath: './kubeconfig' }
    return new CertificateFiles((await ensureBundle(request)).bundle)
  }

  /** What a client with that certificate needs. */
  credentials(name: string): { ca: string; cert: string; key: Secret<string> } {
    const entry = this.bundle[name]
    return {
      ca: this.bundle['kube-ca']?.certificatePEM ?? '',
      cert: entry?.certificatePEM ?? '',
      key: new Secret(entry?.keyPEM ?? ''),
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true, force: true })
  }
}
