import { waitUntil } from '../../testbed/wait-until.ts'
import { CertificateFiles } from '../support/certificate-files.ts'
import type { Component } from '../support/component.ts'
import { startEtcdMember } from '../support/etcd-member.ts'
import { ownAddress } from '../support/loopback.ts'

/** A healthy etcd with one key on a loopback address, and certificates of its cluster. */
export interface SmallEtcd extends AsyncDisposable {
  readonly address: string
  readonly certificates: CertificateFiles
}

export async function startSmallEtcd(last: number): Promise<SmallEtcd> {
  const address = ownAddress(last)
  const certificates = await CertificateFiles.create([address])
  const etcd: Component = await startEtcdMember({ address, certificates })
  const ctl = (...args: readonly string[]): Promise<string> =>
    etcd.exec(
      ...['etcdctl', `--endpoints=https://${address}:2379`, '--cacert=/certificates/kube-ca.pem'],
      ...['--cert=/certificates/kube-node.pem', '--key=/certificates/kube-node-key.pem', ...args],
    )
  const healthy = (): Promise<boolean> =>
    ctl('endpoint', 'health').then(
      () => true,
      () => false,
    )
  await waitUntil('etcd to become healthy', healthy, 30_000)
  await ctl('put', '/registry/configmaps/default/one', 'its value')
  return {
    address,
    certificates,
    [Symbol.asyncDispose]: async () => {
      await etcd[Symbol.asyncDispose]()
      certificates[Symbol.dispose]()
    },
  }
}
