import { HttpClient, HttpFailure } from '../../node/transport/http-client.ts'
import { dialEndpoint, type KubeCredentials, type KubeEndpoint } from './endpoint-pool.ts'

/**
 * Has the API server of a control plane node open a connection to a kubelet.
 *
 * @param server Address of the control plane node.
 * @param kubelet Name of the kubelet's Node.
 */
export type ReachKubelet = (server: string, kubelet: string, signal?: AbortSignal) => Promise<Reached>

export interface Reached {
  readonly ok: boolean
  /** Phrases in the API server's reply when it has not reached the kubelet. */
  readonly detail: string
}

/** Longer than an API server waits for a dead machine. */
const LIMIT_MS = 5_000

/**
 * An ordinary request to a kubelet reuses an existing connection of the API server; a protocol upgrade, as of
 * `kubectl exec`, opens a new one. The kubelet has nothing at this path and answers so.
 */
export async function reachKubelet(
  endpoint: KubeEndpoint,
  credentials: KubeCredentials,
  kubelet: string,
  signal?: AbortSignal,
): Promise<Reached> {
  const { time } = endpoint
  const http = new HttpClient('kubernetes', (closed) => dialEndpoint(endpoint, credentials, closed), { time })
  try {
    const { status, body } = await http.request({
      method: 'GET',
      path: `/api/v1/nodes/${encodeURIComponent(kubelet)}/proxy/rke-reach`,
      headers: { connection: 'Upgrade', upgrade: 'SPDY/3.1' },
      signal,
      timeoutMs: LIMIT_MS,
    })
    const refusal = statusMessage(body)
    return refusal === undefined && status < 500
      ? { ok: true, detail: '' }
      : { ok: false, detail: refusal ?? `HTTP ${status}` }
  } catch (thrown) {
    if (!(thrown instanceof HttpFailure)) throw thrown
    return { ok: false, detail: thrown.message }
  } finally {
    http.close()
  }
}

/** The message of a `Status`, which only an API server sends; `undefined` for a reply of the kubelet. */
function statusMessage(body: string): string | undefined {
  try {
    const said: unknown = JSON.parse(body)
    if (typeof said !== 'object' || said === null || !('kind' in said) || said.kind !== 'Status')
      return undefined
    return 'message' in said && typeof said.message === 'string' ? said.message : 'it refused'
  } catch {
    return undefined
  }
}
