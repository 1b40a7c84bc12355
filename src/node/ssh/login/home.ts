export type Environment = Readonly<Record<string, string | undefined>>

/** Replaces a leading `~` by the home directory that the environment names; without one the path stays. */
export function expandHome(path: string, env: Environment): string {
  if (path !== '~' && !path.startsWith('~/')) return path
  const home = env.HOME || `${env.HOMEDRIVE ?? ''}${env.HOMEPATH ?? ''}` || env.USERPROFILE || ''
  return home === '' ? path : `${home}${path.slice(1)}`
}
