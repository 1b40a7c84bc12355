import { API_SERVER_PORT } from '../config/kubernetes/ports.ts'
import type { Emit } from '../engine/events.ts'
import { type Run, startRun } from '../engine/run.ts'
import { StateError, toRkeError } from '../errors.ts'
import type { Dialer } from '../kube/client/dialer.ts'
import { readServerVersion } from '../kube/client/server-version.ts'
import { withAdminServer } from '../pki/issue/admin.ts'
import { hasRole } from '../role.ts'
import { Secret } from '../secret.ts'
import type { HalfState } from '../state/cluster-state.ts'
import type { StateStore } from '../state/state-store.ts'

export interface KubeconfigResult {
  readonly kubeconfig: Secret<string>
  /** The control plane node that it leads to. */
  readonly address: string
}

/**
 * The administrator's kubeconfig of the cluster that was applied last. It leads to the first control plane node whose
 * API server answers this machine, or, with a warning, to the first of all if none does.
 * @throws StateError if there is no state, or none that was applied.
 */
export function getKubeconfig(
  store: StateStore,
  dialer: Dialer,
  signal?: AbortSignal,
): Run<KubeconfigResult> {
  return startRun(async (emit) => {
    const stored = await store.load()
    if (stored === undefined) {
      throw noKubeconfig('there is no state file', '"rke util get-state-file" gets it back from the cluster')
    }
    const { rkeConfig, certificatesBundle = {} } = stored.state.currentState
    const addresses = (rkeConfig?.nodes ?? [])
      .filter((node) => hasRole(node, 'controlplane'))
      .map(({ address }) => address)
    const [first] = addresses
    if (first === undefined || !certificatesBundle['kube-admin']?.keyPEM) {
      throw noKubeconfig('the state file holds no cluster that was brought up', 'run "rke up"')
    }
    const address = (await firstThatAnswers(addresses, certificatesBundle, dialer, emit, signal)) ?? first
    const admin = withAdminServer(certificatesBundle, address, rkeConfig?.clusterName)['kube-admin']
    return { address, kubeconfig: new Secret(admin?.config ?? '') }
  })
}

/** All are asked at once; the first in the order of cluster.yml counts, so that the file changes only if it must. */
async function firstThatAnswers(
  addresses: readonly string[],
  bundle: NonNullable<HalfState['certificatesBundle']>,
  dialer: Dialer,
  emit: Emit,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const credentials = {
    ca: bundle['kube-ca']?.certificatePEM ?? '',
    cert: bundle['kube-admin']?.certificatePEM ?? '',
    key: new Secret(bundle['kube-admin']?.keyPEM ?? ''),
  }
  const answers = await Promise.allSettled(
    addresses.map((host) =>
      readServerVersion(dialer, { host, port: API_SERVER_PORT, ...credentials }, signal),
    ),
  )
  signal?.throwIfAborted()
  answers.forEach((answer, index) => {
    if (answer.status === 'fulfilled') return
    const { message } = toRkeError(answer.reason)
    const text = `Control plane host [${addresses[index]}] does not answer: ${message}`
    emit({ type: 'notice', level: 'warning', area: 'reconcile', text })
  })
  return addresses.find((_, index) => answers[index]?.status === 'fulfilled')
}

function noKubeconfig(what: string, hint: string): StateError {
  return new StateError(`${what}, so there is nothing to make a kubeconfig of`, {
    step: 'get the kubeconfig',
    hint,
  })
}
