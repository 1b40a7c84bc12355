import { type Run, startRun } from '../engine/run.ts'
import type { Dialer } from '../kube/client/dialer.ts'
import { readServerVersion, type ServerVersion } from '../kube/client/server-version.ts'
import { readKubeconfig } from '../pki/distribution/read-kubeconfig.ts'
import type { Secret } from '../secret.ts'

/** The version of the API server that a kubeconfig leads to. `where` names the kubeconfig in errors. */
export function serverVersion(
  kubeconfig: Secret<string>,
  where: string,
  dialer: Dialer,
  signal?: AbortSignal,
): Run<ServerVersion> {
  return startRun(async () => readServerVersion(dialer, readKubeconfig(kubeconfig.reveal(), where), signal))
}
