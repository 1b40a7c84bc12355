import type { ClusterInput } from './cluster-config.ts'
import { failOnErrors } from './cluster-file-error.ts'
import { clusterConfigSchema } from './schema/cluster.ts'
import { checkWrittenObjects } from './written/kubernetes-kinds.ts'
import { fillFromWhatIsWritten } from './written/written-defaults.ts'
import { decode } from './yaml/decode.ts'
import { type Place, placesIn } from './yaml/places.ts'
import { inFileOrder, type Problem, pathText } from './yaml/problems.ts'
import { readTree } from './yaml/read-tree.ts'
import type { Path, Report } from './yaml/report.ts'
import { sourceText } from './yaml/source-text.ts'
import { findNode } from './yaml/tree-tools.ts'
import { YamlSyntaxProblem } from './yaml/yaml-syntax-problem.ts'

export interface ParseOptions {
  /** Warnings are errors. */
  readonly strict?: boolean
}

/** A cluster file as given, nothing defaulted but what depends on which keys are written. */
export interface ParsedCluster {
  readonly input: ClusterInput
  /** What is written, before anything is filled in. */
  readonly written: ClusterInput
  /** In file order. */
  readonly problems: readonly Problem[]
  /** Whether all of the file was read, so that what `input` lacks is not in the file. */
  readonly whole: boolean
  /** Keys whose values could not be read, as written in cluster.yml. */
  readonly unread: readonly Path[]
  /** Line and column of the deepest key on a path of cluster.yml that is there; `undefined` if none is. */
  place(path: Path): Place | undefined
}

/**
 * Reads a cluster file, whatever is in it.
 * @param source its text, or its bytes.
 * @param fileName only for messages.
 */
export function readClusterYaml(
  source: string | Uint8Array,
  fileName: string,
  options: ParseOptions = {},
): ParsedCluster {
  const problems: Problem[] = []
  const unread: Path[] = []
  let placeOf = placesIn('')
  const report: Report = (severity, at, path, message, hint) => {
    if (severity === 'error') unread.push(path)
    problems.push({
      severity: options.strict ? 'error' : severity,
      file: fileName,
      ...placeOf(at),
      path: pathText(path),
      message,
      ...(hint === undefined ? {} : { hint }),
    })
  }
  const text = textOf(source, report)
  placeOf = placesIn(text ?? '')
  const { root, whole } = text === undefined ? { whole: false } : readTree(text, report)
  const place: ParsedCluster['place'] = (path) => {
    const at = root === undefined || path.length === 0 ? undefined : findNode(root, path).at
    return at === undefined || at === root?.at ? undefined : placeOf(at)
  }
  const written = root === undefined ? {} : (decode(clusterConfigSchema, root, report) as ClusterInput)
  for (const { path, message } of checkWrittenObjects(written)) {
    unread.push(path)
    const at = { line: 0, column: 0, ...place(path) }
    problems.push({ severity: 'error', file: fileName, ...at, path: pathText(path), message })
  }
  const input = fillFromWhatIsWritten(written)
  return { input, written, problems: inFileOrder(problems), whole, unread, place }
}

function textOf(source: string | Uint8Array, report: Report): string | undefined {
  try {
    return sourceText(source)
  } catch (thrown) {
    if (!(thrown instanceof YamlSyntaxProblem)) throw thrown
    report('error', thrown.at, [], thrown.message, thrown.hint)
    return undefined
  }
}

/**
 * Reads a cluster file.
 * @throws ClusterFileError that lists all problems in the order of the file.
 */
export function parseClusterYaml(
  source: string | Uint8Array,
  fileName: string,
  options: ParseOptions = {},
): ParsedCluster {
  const parsed = readClusterYaml(source, fileName, options)
  failOnErrors(parsed.problems)
  return parsed
}
