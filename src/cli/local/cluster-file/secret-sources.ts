import { dirname, resolve } from 'node:path'
import type { SecretSources } from '../../../config/secrets.ts'
import { readText } from '../../../files/read-file.ts'
import { expandHome } from '../../../node/ssh/login/home.ts'
import type { Environment } from '../../io.ts'

/** Larger than any key, chain of certificates or file of a cloud. */
const LARGEST = 4 * 1024 * 1024

/**
 * Where values come from that a cluster file refers to: the environment, and files, whose paths are relative to the
 * folder of the cluster file or begin with `~/`.
 */
export const secretSources = (clusterFile: string, env: Environment): SecretSources => ({
  env,
  readFile: (path) => readText(resolve(dirname(clusterFile), expandHome(path, env)), LARGEST),
})
