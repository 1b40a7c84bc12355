import { kmsPlugins } from './read-providers.ts'

/** A kms plugin of a provider file, and the socket that it listens on. */
export interface PluginSocket {
  readonly name: string
  /** A path as the API server sees it. */
  readonly path: string
}

const SCHEME = 'unix://'

/** The sockets of the kms plugins that a provider file names; an abstract socket (`unix:///@name`) is no file. */
export function pluginSockets(text: string): readonly PluginSocket[] {
  return kmsPlugins(text).flatMap(({ name, endpoint }) =>
    endpoint.startsWith(`${SCHEME}/`) && !endpoint.startsWith(`${SCHEME}/@`)
      ? [{ name, path: endpoint.slice(SCHEME.length) }]
      : [],
  )
}

/** Those that a container with such binds (`folder:folder:ro`) does not see. */
export function unseenSockets(
  sockets: readonly PluginSocket[],
  binds: readonly string[],
): readonly PluginSocket[] {
  const seen = binds.map((bind) => bind.split(':')[1]?.replace(/\/$/, ''))
  return sockets.filter(({ path }) => !seen.some((one) => path === one || path.startsWith(`${one}/`)))
}
