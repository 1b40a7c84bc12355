import { dirname, isAbsolute, join } from 'node:path'
import { fetchDocument, urlOf } from '../../../catalog/fetch-document.ts'
import { codeOf } from '../../../files/error-code.ts'
import { readText } from '../../../files/read-file.ts'
import type { Environment } from '../../io.ts'

/** Kubernetes stores no object larger than 1.5 MiB, and an addon's manifest is one. */
const MAX_BYTES = 4 * 1024 * 1024

/**
 * Reads items of `addons_include`: a URL, or a path relative to the working folder or else to the cluster file.
 * The result is `undefined` if there is no such file. Proxies are taken from the environment.
 * @throws the reason why it cannot be read or fetched.
 */
export function includeReader(clusterFile: string, env: Environment) {
  return async (source: string, signal?: AbortSignal): Promise<string | undefined> => {
    if (!isUrl(source)) {
      return readFirst(isAbsolute(source) ? [source] : [source, join(dirname(clusterFile), source)])
    }
    const bytes = await fetchDocument(source, { env, maxBytes: MAX_BYTES, ...(signal && { signal }) })
    return Buffer.from(bytes).toString('utf8')
  }
}

/** The same without network access: only the syntax of URLs is checked. */
export function localIncludeReader(clusterFile: string, env: Environment) {
  const read = includeReader(clusterFile, env)
  return async (source: string): Promise<string | undefined> => {
    if (!isUrl(source)) return read(source)
    urlOf(source)
    return ''
  }
}

const isUrl = (source: string): boolean => /^https?:\/\//i.test(source)

async function readFirst(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    try {
      return await readText(path, MAX_BYTES)
    } catch (thrown) {
      if (codeOf(thrown) !== 'ENOENT') throw thrown
    }
  }
  return undefined
}
