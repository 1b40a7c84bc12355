import type { EtcdApi } from '../../../src/etcd/etcd-api.ts'
import { poll } from '../../../src/poll.ts'
import type { CertificateFiles } from './certificate-files.ts'
import { Component } from './component.ts'

export interface MemberOptions {
  /** A loopback address: the member has 2379 and 2380 of it to itself. */
  readonly address: string
  readonly certificates: CertificateFiles
  /** The members of the cluster when this one starts, itself included. Default: itself only. */
  readonly cluster?: readonly string[]
  /** It was added to a cluster that runs. */
  readonly joining?: boolean
}

/** Starts an etcd member with the flags that RKE gives it, and its data inside its container. */
export function startEtcdMember(options: MemberOptions): Promise<Component> {
  const { address, certificates, cluster = [address], joining = false } = options
  const certificate = `/certificates/kube-etcd-${address.replaceAll('.', '-')}`
  return Component.start(
    'etcd',
    [
      '/usr/local/bin/etcd',
      `--name=etcd-${address}`,
      '--data-dir=/etcd-data',
      `--listen-client-urls=https://${address}:2379`,
      `--advertise-client-urls=https://${address}:2379`,
      `--listen-peer-urls=https://${address}:2380`,
      `--initial-advertise-peer-urls=https://${address}:2380`,
      `--initial-cluster=${cluster.map((other) => `etcd-${other}=https://${other}:2380`).join(',')}`,
      `--initial-cluster-state=${joining ? 'existing' : 'new'}`,
      '--initial-cluster-token=etcd-cluster-1',
      '--client-cert-auth=true',
      '--peer-client-cert-auth=true',
      '--trusted-ca-file=/certificates/kube-ca.pem',
      '--peer-trusted-ca-file=/certificates/kube-ca.pem',
      ...['', 'peer-'].flatMap((kind) => [
        `--${kind}cert-file=${certificate}.pem`,
        `--${kind}key-file=${certificate}-key.pem`,
      ]),
      '--heartbeat-interval=100',
      '--election-timeout=1000',
      '--unsafe-no-fsync',
    ],
    certificates.dir,
  )
}

/** Until a member says that it is healthy, which needs a leader. */
export function untilHealthy(etcd: EtcdApi, deadlineMs: number): Promise<void> {
  return poll({ what: 'etcd to become healthy', deadlineMs }, async (signal) => {
    const { ok, detail } = await etcd.health(signal)
    return ok ? { done: undefined } : { waiting: detail }
  })
}
