import { TLSSocket } from 'node:tls'
import { listenHttp } from '../http.ts'
import { kubeHandler } from '../kube-routes.ts'
import type { KubeStore } from '../kube-store.ts'
import type { Outcome, SimProcess } from '../sim-process.ts'
import { isSignedBy, knownText } from '../trust.ts'

/** An API server over the first etcd member that is well and shares its authority. */
export function kubeApiserver(process: SimProcess): Outcome {
  const missing = process.missingFiles()
  if (missing.length > 0) return { exitCode: 1, output: `open ${missing[0]}: no such file or directory\n` }
  const file = (flag: string): string => knownText(process.file(process.flag(flag) ?? '') ?? '')
  const { machine } = process
  const [cert, key, ca] = [file('tls-cert-file'), file('tls-private-key-file'), file('client-ca-file')]
  const etcd = { authority: file('etcd-cafile'), certificate: file('etcd-certfile') }
  const hosts = (process.flag('etcd-servers') ?? '').split(',').map((url) => new URL(url).hostname)
  const store = (): KubeStore | undefined => {
    const members = hosts.flatMap((host) => machine.world.machineAt(machine, host)?.etcd ?? [])
    return members.find(
      (member) =>
        member.cluster.isHealthy(member) &&
        !member.cluster.isLearner(member) &&
        isSignedBy(member.certificate, etcd.authority) &&
        isSignedBy(etcd.certificate, member.authority),
    )?.cluster.kube
  }
  const version = process.container.spec.Image.replace(/^.*:/, '').replace(/-rancher.*$/, '')
  const handler = kubeHandler({ machine, version, store, groupsOf })
  // A client without a certificate is let in as nobody.
  process.listen(6443, listenHttp(handler, { cert, key, ca, requestCert: true, rejectUnauthorized: false }))
  const encryption = file('encryption-provider-config')
  const readClientCertificate = (): string => file('kubelet-client-certificate')
  machine.apiServer = {
    version,
    store,
    encryption,
    etcdHosts: hosts,
    authority: ca,
    certificate: cert,
    tokenKeys: file('service-account-key-file'),
    clientCertificate: readClientCertificate(),
    readClientCertificate,
  }
  process.onEnd(() => {
    machine.apiServer = undefined
  })
  return 'running'
}

const known = new WeakMap<object, readonly string[]>()

/** Name and groups of a client whose certificate the server's authority signed; none for others. */
function groupsOf(socket: unknown): readonly string[] {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return []
  const before = known.get(socket)
  if (before !== undefined) return before
  const subject = socket.getPeerX509Certificate()?.subject ?? ''
  const groups = subject.split('\n').map((part) => part.slice(part.indexOf('=') + 1))
  known.set(socket, groups)
  return groups
}
