import { get as getPlain } from 'node:http'
import { get as getSecure } from 'node:https'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { KubeConfig } from '@kubernetes/client-node'

/** Longer than the disk of a busy box needs; who asks a server that does not run is refused at once. */
const PATIENCE_MS = 10_000

/** One GET over a connection of its own; rejects unless it is answered with 200. */
export function askOnce(url: string, identity?: Identity): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { agent: false, timeout: PATIENCE_MS }
    const request = identity
      ? // Proxies have addresses that are in no certificate.
        getSecure(url, { ...options, ...identity, checkServerIdentity: () => undefined })
      : getPlain(url, options)
    request.on('error', (error) => reject(new TypeError(`${url}: ${error.message}`)))
    request.on('timeout', () => request.destroy(new TypeError(`no answer in ${PATIENCE_MS} ms`)))
    request.on('response', (response) => {
      text(response).then((body) => {
        if (response.statusCode === 200) resolve()
        else reject(new TypeError(`${url} answered ${response.statusCode}: ${body.trim().slice(0, 500)}`))
      }, reject)
    })
  })
}

/** Asks again after each of these pauses, until an attempt goes well; rejects as the last one did. */
export function askAgain(
  pausesMs: readonly number[],
  attempt: (index: number) => Promise<void>,
): Promise<void> {
  return pausesMs.reduce(
    (tried, ms, index) => tried.catch(() => pause(ms).then(() => attempt(index + 1))),
    attempt(0),
  )
}

export interface Identity {
  readonly ca: Buffer
  readonly cert: Buffer
  readonly key: Buffer
}

/** The administrator of a kubeconfig. */
export function identityFrom(kubeconfigPath: string): Identity {
  const config = new KubeConfig()
  config.loadFromFile(kubeconfigPath)
  const bytes = (base64: string | undefined): Buffer => Buffer.from(base64 ?? '', 'base64')
  const user = config.getCurrentUser()
  return {
    ca: bytes(config.getCurrentCluster()?.caData),
    cert: bytes(user?.certData),
    key: bytes(user?.keyData),
  }
}
