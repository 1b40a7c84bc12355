import type { Catalog } from '../catalog/catalog.ts'
import type { ClusterConfig } from './cluster-config.ts'
import { type Overrides, override } from './command-line-overrides.ts'
import { applyDefaults, type ConfigFlags } from './defaults/apply-defaults.ts'
import { type ParsedCluster, type ParseOptions, readClusterYaml } from './read-cluster-yaml.ts'
import { clusterConfigSchema } from './schema/cluster.ts'
import { yamlPath } from './schema/reading/yaml-keys.ts'
import type { Finding } from './validation/finding.ts'
import { findings } from './validation/findings.ts'
import { inFileOrder, type Problem, pathText } from './yaml/problems.ts'
import type { Path } from './yaml/report.ts'

export interface CheckedConfig {
  readonly config: ClusterConfig
  /** Nothing worse than warnings was found, even if they count as errors: the configuration is as it is meant. */
  readonly usable: boolean
  /** Everything that is wrong with the file, in its order. */
  readonly problems: readonly Problem[]
  readonly parsed: ParsedCluster
  /** A finding with its place in the file; `undefined` where it follows from something that could not be read. */
  locate(finding: Finding): Problem | undefined
}

/** What the configuration is for. */
export interface Purpose {
  /** A cluster is to be built or changed. Default: true. */
  readonly builds?: boolean
}

export type CheckFlags = ConfigFlags & ParseOptions & Overrides & Purpose

/**
 * Reads, fills in and checks a cluster file, and reports every problem in it. Never throws because of
 * what is in the file. Nothing is said of a value that follows from one that could not be read.
 * @param source its text, or its bytes.
 * @param fileName only for messages.
 */
export function checkConfig(
  source: string | Uint8Array,
  fileName: string,
  catalog: Catalog,
  flags: CheckFlags = {},
): CheckedConfig {
  const parsed = readClusterYaml(source, fileName, flags)
  const config = applyDefaults(override(parsed.input, flags), catalog, {
    ...flags,
    ignoreDockerVersion: flags.ignoreDockerVersion ?? false,
  })
  const found = parsed.whole ? findings(config, parsed.written, catalog) : []
  const { builds = true, strict = false } = flags
  const matter = found.filter(({ onlyToBuild }) => builds || !onlyToBuild)
  const locate = (finding: Finding) => located(finding, parsed, fileName, strict)
  const onLines = matter.map(locate).filter((problem) => problem !== undefined)
  const usable =
    parsed.whole && parsed.unread.length === 0 && matter.every(({ severity }) => severity === 'warning')
  return { config, usable, problems: inFileOrder([...parsed.problems, ...onLines]), parsed, locate }
}

/**
 * The finding with its place in the file, or that of the key beside it that it conflicts with, where only that is written;
 * `undefined` where it follows from something that could not be read.
 */
function located(
  finding: Finding,
  { place, unread }: ParsedCluster,
  file: string,
  strict: boolean,
): Problem | undefined {
  const { from = [], hint, message, others = [], severity } = finding
  const path = inYaml(finding.path)
  const ends = others.map(inYaml)
  if ([path, ...ends, ...from.map(inYaml)].some((each) => isUnread(each, unread))) return undefined
  const related = ends.flatMap((each) => {
    const { column = 0, exact, line = 0 } = place(each) ?? {}
    return exact ? [{ path: pathText(each), line, column }] : []
  })
  const own = place(path)
  const beside = ends.find((end) => pathText(end.slice(0, -1)) === pathText(path.slice(0, -1)))
  const sibling = beside === undefined ? undefined : place(beside)
  const { column = 0, line = 0 } = (own?.exact || !sibling?.exact ? own : sibling) ?? {}
  return {
    severity: strict ? 'error' : severity,
    file,
    line,
    column,
    path: pathText(path),
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(related.length === 0 ? {} : { related }),
  }
}

const inYaml = (path: Path): Path => yamlPath(clusterConfigSchema, path)

const isUnread = (path: Path, unread: readonly Path[]): boolean =>
  unread.some((start) => start.length > 0 && start.every((step, index) => step === path[index]))
