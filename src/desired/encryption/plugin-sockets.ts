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

/** Those that a container with such binds (`folder:folder:ro`) does not see. Images of API servers have `/var/run` as a link to `/run`. */
export function unseenSockets(
  sockets: readonly PluginSocket[],
  binds: readonly string[],
): readonly PluginSocket[] {
  const seen = binds.map((bind) => linked(bind.split(':')[1]?.replace(/\/$/, '') ?? ''))
  return sockets.filter(({ path }) => {
    const real = linked(path)
    return !seen.some((one) => real === one || real.startsWith(`${one}/`))
  })
}

const linked = (path: string): string => path.replace(/^\/var\/run(?=\/|$)/, '/run')
