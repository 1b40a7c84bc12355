import { readFile } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { ConfigError } from '../../errors.ts'
import type { Environment } from '../io.ts'

const TIMEOUT_MS = 30_000
/** Kubernetes stores no object larger than 1.5 MiB, and an addon's manifest is one. */
const MAX_BYTES = 4 * 1024 * 1024

/**
 * Reads items of `addons_include`: a URL, or a path from the working folder or else from the cluster file's.
 * The result is `undefined` if there is no such file. Proxies are taken from the environment.
 * @throws ConfigError if it cannot be read or fetched, or is too large.
 */
export function includeReader(clusterFile: string, env: Environment) {
  return async (source: string, signal?: AbortSignal): Promise<string | undefined> => {
    try {
      if (/^https?:\/\//i.test(source)) return await fetchText(source, env, signal)
      return await readFirst(isAbsolute(source) ? [source] : [source, join(dirname(clusterFile), source)])
    } catch (cause) {
      if (cause instanceof ConfigError) throw cause
      throw new ConfigError(`addons_include: ${source} cannot be read`, {
        step: 'read addons_include',
        hint: 'nothing was changed; correct the path or the address, or try again',
        cause,
      })
    }
  }
}

async function readFirst(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    try {
      return await readFile(path, 'utf8')
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT')) throw thrown
    }
  }
  return undefined
}

async function fetchText(url: string, env: Environment, signal?: AbortSignal): Promise<string> {
  const { EnvHttpProxyAgent, fetch } = await import('undici')
  const httpProxy = env.HTTP_PROXY ?? env.http_proxy
  const httpsProxy = env.HTTPS_PROXY ?? env.https_proxy
  const noProxy = env.NO_PROXY ?? env.no_proxy
  const dispatcher = new EnvHttpProxyAgent({
    ...(httpProxy && { httpProxy }),
    ...(httpsProxy && { httpsProxy }),
    ...(noProxy && { noProxy }),
  })
  const signals = [AbortSignal.timeout(TIMEOUT_MS), ...(signal === undefined ? [] : [signal])]
  try {
    const response = await fetch(url, { dispatcher, signal: AbortSignal.any(signals) })
    if (!response.ok) throw refused(url, `the server answered ${response.status} ${response.statusText}`)
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of response.body ?? []) {
      size += chunk.length
      if (size > MAX_BYTES) throw refused(url, `it is larger than ${MAX_BYTES / 1024 / 1024} MiB`)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks).toString('utf8')
  } finally {
    await dispatcher.destroy()
  }
}

function refused(url: string, reason: string): ConfigError {
  return new ConfigError(`addons_include: ${url} cannot be used: ${reason}`, {
    step: 'read addons_include',
    hint: 'nothing was changed; correct the address, or take it out of addons_include',
  })
}
