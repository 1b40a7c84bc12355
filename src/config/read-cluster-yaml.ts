import type { ClusterInput } from './cluster-config.ts'
import { fillFromWhatIsWritten } from './defaults/written-key-defaults.ts'
import { checkWrittenObjects } from './kubernetes/kubernetes-kinds.ts'
import { clusterConfigSchema } from './schema/cluster.ts'
import { decode } from './yaml/decode/decode.ts'
import { type Place, placesIn } from './yaml/places.ts'
import { inFileOrder, type Problem, pathText } from './yaml/problems.ts'
import { readTree } from './yaml/read-tree.ts'
import type { Path, Report } from './yaml/report.ts'
import { largestText, sourceText } from './yaml/source-text.ts'
import { nodeAtPath } from './yaml/tree/tree-tools.ts'
import { YamlSyntaxProblem } from './yaml/tree/yaml-syntax-problem.ts'

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
  /** Where a key of cluster.yml is, or else the deepest key on the way to it; `undefined` if none is there. */
  place(path: Path): (Place & { readonly exact: boolean }) | undefined
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
  let placeOf = placesIn(
    typeof source === 'string' ? source : Buffer.from(source.subarray(0, largestText)).toString(),
  )
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
  if (text !== undefined) placeOf = placesIn(text)
  const { root, whole } = text === undefined ? { whole: false } : readTree(text, report)
  const place: ParsedCluster['place'] = (path) => {
    if (root === undefined || path.length === 0) return undefined
    const { at, found } = nodeAtPath(root, path)
    return !found && at === root.at ? undefined : { ...placeOf(at), exact: found }
  }
  const written = root === undefined ? {} : (decode(clusterConfigSchema, root, report) as ClusterInput)
  for (const { path, message } of checkWrittenObjects(written)) {
    unread.push(path)
    const { line = 0, column = 0 } = place(path) ?? {}
    problems.push({ severity: 'error', file: fileName, line, column, path: pathText(path), message })
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
