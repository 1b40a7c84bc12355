import { dirname, resolve } from 'node:path'
import type { SecretSources } from '../../../config/secrets/resolve-secrets.ts'
import { readText } from '../../../files/read-file.ts'
import { expandHome } from '../../../node/ssh/login/home.ts'
import type { Environment } from '../../io.ts'

/** Larger than any key, certificate chain or cloud configuration. */
const LARGEST = 4 * 1024 * 1024

/**
 * Sources of `${env:…}` and `${file:…}` in a cluster file: the environment, and files relative to the folder of the
 * cluster file or below `~/`.
 */
export const secretSources = (clusterFile: string, env: Environment): SecretSources => ({
  env,
  readFile: (path) => readText(resolve(dirname(clusterFile), expandHome(path, env)), LARGEST),
})
