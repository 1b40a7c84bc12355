import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { SecretSources } from '../../config/secrets.ts'
import { expandHome } from '../../node/ssh/home.ts'
import type { Environment } from '../io.ts'

/**
 * Where values come from that a cluster file refers to: the environment, and files, whose paths are relative to the
 * folder of the cluster file or begin with `~/`.
 */
export const secretSources = (clusterFile: string, env: Environment): SecretSources => ({
  env,
  readFile: (path) => readFile(resolve(dirname(clusterFile), expandHome(path, env)), 'utf8'),
})
