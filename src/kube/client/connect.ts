import { CancelledError, KubeError, RkeError } from '../../errors.ts'
import { HttpClient } from '../../node/transport/http-client.ts'
import { KubeClient } from './client.ts'
import { dialEndpoint, type KubeCredentials, type KubeEndpoint } from './endpoint-pool.ts'

const PROBE_LIMIT_MS = 5_000

/**
 * The Kubernetes API through the first control plane node that answers: all are queried in parallel (`GET /readyz`, 5
 * s); a ready one is preferred to one that only answers. The others take over when it fails later.
 */
export async function connectFirst(
  endpoints: readonly KubeEndpoint[],
  credentials: KubeCredentials,
  signal?: AbortSignal,
): Promise<KubeClient> {
  const probes = endpoints.map((endpoint) => probe(endpoint, credentials, signal))
  const ready = probes.map(async (answer) =>
    (await answer).ready ? answer : Promise.reject(new Error('not ready')),
  )
  try {
    const { endpoint: first } = await Promise.any(ready).catch(() => Promise.any(probes))
    return new KubeClient([first, ...endpoints.filter((endpoint) => endpoint !== first)], credentials)
  } catch (thrown) {
    if (signal?.aborted) throw new CancelledError('stopped while connecting to the Kubernetes API')
    const errors = thrown instanceof AggregateError ? thrown.errors : [thrown]
    const reasons = errors.map((error) => (error instanceof Error ? error.message : String(error)))
    throw new KubeError('no control plane node answers as Kubernetes API', {
      cause: errors[0],
      why: reasons.join('; '),
      step: 'connect to the Kubernetes API',
      ...(errors.length === 1 && errors[0] instanceof RkeError && errors[0].host !== undefined
        ? { host: errors[0].host }
        : {}),
      hint: 'check the container kube-apiserver on the control plane nodes',
    })
  }
}

interface Answer {
  readonly endpoint: KubeEndpoint
  readonly ready: boolean
}

async function probe(
  endpoint: KubeEndpoint,
  credentials: KubeCredentials,
  signal?: AbortSignal,
): Promise<Answer> {
  const { time } = endpoint
  const http = new HttpClient('kubernetes', (closed) => dialEndpoint(endpoint, credentials, closed), { time })
  try {
    const reply = await http.request({ method: 'GET', path: '/readyz', signal, timeoutMs: PROBE_LIMIT_MS })
    if (reply.status === 401 || reply.status === 403) {
      throw new KubeError(`the API server at ${endpoint.host} refuses the kube-admin certificate`)
    }
    return { endpoint, ready: reply.status === 200 }
  } finally {
    http.close()
  }
}
