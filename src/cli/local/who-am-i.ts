import { hostname, userInfo } from 'node:os'
import { resolve } from 'node:path'
import type { Environment } from '../io.ts'

/**
 * Identifies the user, machine and cluster file in locks and leases, the same in each run:
 * `anna@laptop:/home/anna/cluster.yml`.
 */
export function whoAmI(clusterFile: string, env: Environment): string {
  return `${userName(env)}@${hostname()}:${resolve(clusterFile)}`
}

/** In a container the user may have no name. */
function userName(env: Environment): string {
  try {
    return userInfo().username
  } catch {
    return env.USER ?? env.LOGNAME ?? 'unknown'
  }
}
