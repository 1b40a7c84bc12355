import type { TlsOptions } from 'node:tls'
import { type Handler, listenHttp } from '../http.ts'
import type { Outcome, Program, SimProcess } from '../sim-process.ts'
import { knownText } from '../trust.ts'

const ok: Handler = async (_request, reply) => {
  reply.writeHead(200, { 'content-type': 'text/plain' }).end('ok')
}

/** A component that is well as soon as all files that its flags name are there. */
function component(start: (process: SimProcess) => void): Program {
  return (process): Outcome => {
    const missing = process.missingFiles()
    if (missing.length > 0) return { exitCode: 1, output: `open ${missing[0]}: no such file or directory\n` }
    start(process)
    return 'running'
  }
}

/** These two sign their own serving certificates; with `--address`, which only older ones know, they also serve without TLS. */
function serve(process: SimProcess, port: number, plainPort: number): void {
  process.listen(port, listenHttp(ok, process.machine.world.ownCertificate))
  if (process.flag('address') !== undefined) process.listen(plainPort, listenHttp(ok))
}

export const kubeControllerManager = component((process) => {
  const { machine } = process
  serve(process, 10257, 10252)
  machine.controllers = true
  const file = (flag: string): string => process.file(process.flag(flag) ?? '') ?? ''
  machine.rootCa = file('root-ca-file')
  machine.tokenKey = file('service-account-private-key-file')
  process.onEnd(() => {
    machine.controllers = false
  })
})

export const kubeScheduler = component((process) => serve(process, 10259, 10251))

export const kubeProxy = component((process) => process.listen(10256, listenHttp(ok)))

function pem(process: SimProcess, name: string): string | undefined {
  const text = process.file(`/etc/kubernetes/ssl/${name}.pem`)
  return text === undefined ? undefined : knownText(text)
}

/** The one of its flags, read when it starts; else one of its own. */
function servingCertificate(process: SimProcess): TlsOptions {
  const [cert, key] = ['tls-cert-file', 'tls-private-key-file'].map((flag) =>
    process.file(process.flag(flag) ?? ''),
  )
  return cert === undefined ? process.machine.world.ownCertificate : { cert, key }
}

/** A kubelet: registers its machine once it can reach an API server that it trusts; see the controllers. */
export const kubelet = component((process) => {
  const { machine } = process
  process.listen(10248, listenHttp(ok))
  process.listen(10250, listenHttp(ok, servingCertificate(process)))
  machine.disk.write('/var/lib/kubelet/cpu_manager_state', '{}', 0o600)
  machine.kubelet = {
    hasRegistered: false,
    startedAt: machine.world.nextSecond(),
    name: process.flag('hostname-override') ?? machine.address,
    taints: process.flag('register-with-taints'),
    version: process.container.spec.Image.replace(/^.*:/, '').replace(/-rancher.*$/, ''),
    authority: pem(process, 'kube-ca'),
    certificate: pem(process, 'kube-node'),
  }
  process.onEnd(() => {
    machine.kubelet = undefined
  })
})
