import { type Run, startRun } from '../engine/run.ts'
import { KubeError } from '../errors.ts'
import type { Dialer } from '../kube/client/dialer.ts'
import { readServerVersion, type ServerVersion } from '../kube/client/server-version.ts'
import { readKubeconfig } from '../pki/distribution/read-kubeconfig.ts'
import { parseCertificate } from '../pki/encoding/certificate.ts'
import type { Secret } from '../secret.ts'
import { systemClock } from '../time.ts'

/** The version of the API server that a kubeconfig leads to. `where` names the kubeconfig in errors. */
export function serverVersion(
  kubeconfig: Secret<string>,
  where: string,
  dialer: Dialer,
  signal?: AbortSignal,
): Run<ServerVersion> {
  return startRun(async () => {
    const server = readKubeconfig(kubeconfig.reveal(), where)
    const asked = readServerVersion(dialer, server, signal)
    return asked.catch((thrown: unknown) => {
      throw becauseOfExpiredClient(thrown, server.cert, systemClock())
    })
  })
}

/** A failure, with the client certificate that has ended as its cause, if it has: then those of the cluster have, too. */
function becauseOfExpiredClient(thrown: unknown, certificate: string, now: Date): unknown {
  if (!(thrown instanceof KubeError)) return thrown
  const { notAfter } = parseCertificate(certificate, 'certificate of the kubeconfig')
  if (notAfter.getTime() > now.getTime()) return thrown
  const day = notAfter.toISOString().slice(0, 10)
  return new KubeError(`${thrown.message}; the client certificate of the kubeconfig has ended on ${day}`, {
    step: 'ask for the version',
    why: '',
    hint: 'see what else has ended, on which nodes, with "rke cert check", and renew it with "rke cert rotate"',
    cause: thrown,
  })
}
