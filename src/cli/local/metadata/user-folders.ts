import { isAbsolute, join } from 'node:path'
import { expandHome } from '../../../node/ssh/login/home.ts'
import type { Environment } from '../../io.ts'

/** The user's folder for what can be had again (XDG Base Directory Specification); `undefined` without a home folder. */
export const cacheFolder = (env: Environment): string | undefined =>
  folder(env, env.XDG_CACHE_HOME, '~/.cache')

/** Where imported metadata is kept, in the user's data folder; `undefined` without a home folder. */
export function importsFolder(env: Environment): string | undefined {
  const data = folder(env, env.XDG_DATA_HOME, '~/.local/share')
  return data === undefined ? undefined : join(data, 'metadata')
}

function folder(env: Environment, given = '', usual: string): string | undefined {
  const path = isAbsolute(given) ? given : expandHome(usual, env)
  return isAbsolute(path) ? join(path, 'rke') : undefined
}
