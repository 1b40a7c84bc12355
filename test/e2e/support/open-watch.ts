import type { ClientRequest } from 'node:http'
import { get } from 'node:https'
import type { Identity } from './ask.ts'

/** A watch of the ConfigMaps in the namespace `default` over one connection, as controllers keep one. */
export interface OpenWatch {
  /** Names of those that were added or changed since it was opened. */
  seen(): ReadonlySet<string>
  /** Why it has ended; `undefined` while it is open. */
  ended(): string | undefined
  close(): void
}

/** Opens a watch at one API server. Resolves once that has accepted it. */
export function openWatch(address: string, identity: Identity): Promise<OpenWatch> {
  const url = `https://${address}:6443/api/v1/namespaces/default/configmaps?watch=true&timeoutSeconds=3600`
  const names = new Set<string>()
  let end: string | undefined
  const { promise, resolve, reject } = Promise.withResolvers<OpenWatch>()
  const request: ClientRequest = get(url, { ...identity, agent: false }, (response) => {
    let rest = ''
    response.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) names.add(JSON.parse(line).object?.metadata?.name ?? line)
    })
    response.on('close', () => {
      end ??= 'the server ended it'
    })
    if (response.statusCode !== 200) reject(new TypeError(`${url} answered ${response.statusCode}`))
    resolve({ seen: () => names, ended: () => end, close: () => request.destroy() })
  })
  request.on('error', (error) => {
    end = error.message
    reject(error)
  })
  return promise
}
