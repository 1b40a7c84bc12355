import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KubeClient } from '../../../src/kube/client/client.ts'
import { connectFirst } from '../../../src/kube/client/connect.ts'
import { openProbe, untilHealthy } from '../../../src/node/containers/health.ts'
import { poll } from '../../../src/poll.ts'
import { DirectDialer } from '../../unit/fakes/test-server.ts'
import { CertificateFiles } from './certificate-files.ts'
import { Component } from './component.ts'
import { startEtcdMember } from './etcd-member.ts'
import { ownAddress } from './loopback.ts'

/** A control plane without nodes on this box's loopback: etcd, API server, controller manager. */
export interface ApiServer extends AsyncDisposable {
  readonly kube: KubeClient
  readonly address: string
  readonly certificates: CertificateFiles
  /** Starts the controller manager of an API that only answered. */
  startControllers(): Promise<void>
  /** `kubectl` as the administrator, inside the API server's container; gives its standard output. */
  kubectl(...args: readonly string[]): Promise<string>
  /** `etcdctl` inside the container of its etcd. */
  etcdctl(...args: readonly string[]): Promise<string>
}

/** Starts it on a loopback address of this process; the API is ready when this returns, or only answers. */
export async function startApiServer(until: 'ready' | 'answering' = 'ready'): Promise<ApiServer> {
  const address = ownAddress(1)
  const certificates = await CertificateFiles.create([address])
  const components: Component[] = []
  const start = async (component: Promise<Component>): Promise<Component> => {
    const started = await component
    components.push(started)
    return started
  }
  const stop = async (): Promise<void> => {
    await Promise.all(components.map((component) => component[Symbol.asyncDispose]()))
    certificates[Symbol.dispose]()
  }
  try {
    const etcd = await start(startEtcdMember({ address, certificates }))
    const command = apiServerCommand(address)
    const server = await start(Component.start('kubernetes', command, certificates.dir))
    const { ca, ...clientCert } = certificates.credentials('kube-admin')
    const dialer = new DirectDialer()
    const connect = () => connectFirst([{ dialer, host: address, port: 6443 }], { ca, ...clientCert })
    if (until === 'ready') {
      const health = { url: `https://${address}:6443/readyz`, success: 'status' } as const
      await untilHealthy(openProbe(dialer, health, { ca, clientCert }), { deadlineMs: 60_000 })
    }
    const kube = until === 'ready' ? await connect() : await firstAnswer(connect)
    const startControllers = async () => {
      writeFileSync(join(certificates.dir, 'controller-manager.kubeconfig'), kubeconfig(address))
      await start(Component.start('kubernetes', controllerManagerCommand(address), certificates.dir))
    }
    if (until === 'ready') await startControllers()
    return {
      kube,
      startControllers,
      address,
      certificates,
      kubectl: (...args) => server.exec('kubectl', ...connection(address), ...args),
      etcdctl: (...args) => etcd.exec('etcdctl', ...etcdConnection(address), ...args),
      [Symbol.asyncDispose]: async () => {
        await kube.close()
        await stop()
      },
    }
  } catch (error) {
    for (const component of components) console.error(await component.log())
    await stop()
    throw error
  }
}

/** Asked so often that hardly any time has passed since there was nobody who answered. */
function firstAnswer<T>(ask: () => Promise<T>): Promise<T> {
  const wait = { what: 'an API server that answers', deadlineMs: 60_000, firstPauseMs: 5, maxPauseMs: 5 }
  return poll(wait, () =>
    ask().then(
      (done) => ({ done }),
      (error: unknown) => ({ waiting: String(error) }),
    ),
  )
}

function apiServerCommand(address: string): string[] {
  return [
    'kube-apiserver',
    `--bind-address=${address}`,
    // Loopback addresses are refused here; nobody connects to it.
    '--advertise-address=10.255.255.1',
    `--etcd-servers=https://${address}:2379`,
    ...pair('etcd-certfile', 'etcd-keyfile', 'kube-node'),
    '--etcd-cafile=/certificates/kube-ca.pem',
    '--client-ca-file=/certificates/kube-ca.pem',
    ...pair('tls-cert-file', 'tls-private-key-file', 'kube-apiserver'),
    '--service-account-key-file=/certificates/kube-service-account-token-key.pem',
    '--service-account-signing-key-file=/certificates/kube-service-account-token-key.pem',
    '--service-account-issuer=rke',
    '--service-cluster-ip-range=10.43.0.0/16',
    '--authorization-mode=Node,RBAC',
    '--anonymous-auth=false',
    '--allow-privileged=true',
    '--enable-aggregator-routing=false',
  ]
}

function controllerManagerCommand(address: string): string[] {
  return [
    'kube-controller-manager',
    '--kubeconfig=/certificates/controller-manager.kubeconfig',
    '--service-account-private-key-file=/certificates/kube-service-account-token-key.pem',
    '--root-ca-file=/certificates/kube-ca.pem',
    '--use-service-account-credentials=true',
    '--leader-elect=false',
    `--bind-address=${address}`,
    '--controllers=*,-cloud-node-lifecycle,-nodeipam',
  ]
}

function kubeconfig(address: string): string {
  const name = 'kube-controller-manager'
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [
      {
        name,
        cluster: { server: `https://${address}:6443`, 'certificate-authority': '/certificates/kube-ca.pem' },
      },
    ],
    users: [
      {
        name,
        user: {
          'client-certificate': `/certificates/${name}.pem`,
          'client-key': `/certificates/${name}-key.pem`,
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: name } }],
  })
}

function connection(address: string): string[] {
  return [
    `--server=https://${address}:6443`,
    '--certificate-authority=/certificates/kube-ca.pem',
    ...pair('client-certificate', 'client-key', 'kube-admin'),
  ]
}

function etcdConnection(address: string): string[] {
  const ca = '--cacert=/certificates/kube-ca.pem'
  return [`--endpoints=https://${address}:2379`, ca, ...pair('cert', 'key', 'kube-node')]
}

function pair(certificateFlag: string, keyFlag: string, name: string): string[] {
  return [`--${certificateFlag}=/certificates/${name}.pem`, `--${keyFlag}=/certificates/${name}-key.pem`]
}
