import type { Catalog } from '../catalog/catalog.ts'
import type { ClusterConfig } from './cluster-config.ts'
import { type Overrides, override } from './command-line-overrides.ts'
import { applyDefaults, type ConfigFlags } from './defaults/apply-defaults.ts'
import { failOnErrors, type ParseOptions, parseClusterYaml } from './parse-cluster-yaml.ts'
import { clusterConfigSchema } from './schema/cluster.ts'
import { yamlPath } from './schema/yaml-keys.ts'
import { findings } from './validation/findings.ts'
import { inFileOrder, type Problem } from './yaml/problems.ts'

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
 * Reads, fills in and checks a cluster file.
 * @param fileName only for messages.
 * @throws ConfigError that lists every error with its line and key.
 */
export function loadConfig(
  text: string,
  fileName: string,
  catalog: Catalog,
  flags: ConfigFlags & ParseOptions & Overrides = {},
): LoadedConfig {
  const parsed = parseClusterYaml(text, fileName, flags)
  const ignoreDockerVersion = flags.ignoreDockerVersion ?? false
  const config = applyDefaults(override(parsed.input, flags), catalog, { ...flags, ignoreDockerVersion })
  const found = findings(config, catalog).map(({ severity, path, message }) =>
    parsed.problem(severity, yamlPath(clusterConfigSchema, path), message),
  )
  failOnErrors(found)
  return {
    config,
    warnings: inFileOrder([...parsed.warnings, ...found]),
    ignoreDockerVersion: ignoreDockerVersion || parsed.input.ignoreDockerVersion === true,
  }
}
