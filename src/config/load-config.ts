import type { Catalog } from '../catalog/catalog.ts'
import { type CheckFlags, checkConfig } from './check-config.ts'
import type { ClusterConfig } from './cluster-config.ts'
import { failOnErrors } from './cluster-file-error.ts'
import type { Problem } from './yaml/problems.ts'

export interface LoadedConfig {
  readonly config: ClusterConfig
  /** In file order; `problemText` makes lines of them. */
  readonly warnings: readonly Problem[]
  /**
   * Whether Docker's version is to be checked at all: the flag or cluster.yml may switch that off, though the
   * configuration, and so the state file, records only the flag.
   */
  readonly ignoreDockerVersion: boolean
}

/**
 * Reads a cluster file, fills in the defaults and validates it.
 * @param source its text, or its bytes, which reveal a wrong encoding.
 * @param fileName only for messages.
 * @throws ClusterFileError (a ConfigError) that lists every problem with its line and key.
 */
export function loadConfig(
  source: string | Uint8Array,
  fileName: string,
  catalog: Catalog,
  flags: CheckFlags = {},
): LoadedConfig {
  const { config, parsed, problems } = checkConfig(source, fileName, catalog, flags)
  failOnErrors(problems)
  return {
    config,
    warnings: problems,
    ignoreDockerVersion: config.ignoreDockerVersion === true || parsed.input.ignoreDockerVersion === true,
  }
}
