import { Agent, request } from 'node:https'
import { text } from 'node:stream/consumers'
import type { CertificatesBundle } from '../../src/pki/encoding/certificate-entry.ts'

/** Asks a cluster's API server as its administrator; `undefined` while there is no good answer. */
export type AskApi = (path: string) => Promise<string | undefined>

export function apiClient(address: string, bundle: CertificatesBundle): AskApi {
  const admin = bundle['kube-admin']
  const agent = new Agent({
    keepAlive: true,
    ca: bundle['kube-ca']?.certificatePEM,
    cert: admin?.certificatePEM,
    key: admin?.keyPEM,
  })
  return (path) =>
    new Promise((resolve) => {
      const asked = request({ agent, host: address, port: 6443, path, timeout: 2000 }, async (response) => {
        const answer = await text(response).catch(() => undefined)
        resolve(response.statusCode === 200 ? answer : undefined)
      })
      asked.on('error', () => resolve(undefined))
      asked.on('timeout', () => asked.destroy())
      asked.end()
    })
}

interface NodeList {
  readonly items: readonly {
    readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] }
  }[]
}

/** How many nodes are registered, and how many of them are Ready. */
export async function countNodes(ask: AskApi): Promise<{ registered: number; ready: number }> {
  const answer = await ask('/api/v1/nodes')
  const items = answer === undefined ? [] : (JSON.parse(answer) as NodeList).items
  const isReady = items.filter(({ status }) =>
    status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True'),
  )
  return { registered: items.length, ready: isReady.length }
}
