import { ConfigError } from '../errors.ts'
import type { ClusterInput } from './cluster-config.ts'
import { clusterConfigSchema } from './schema/cluster.ts'
import { checkWrittenObjects } from './written/kubernetes-kinds.ts'
import { fillFromWhatIsWritten } from './written/written-defaults.ts'
import { decode } from './yaml/decode.ts'
import { inFileOrder, type Problem, pathText, placeOf, problemText } from './yaml/problems.ts'
import type { Path, Report } from './yaml/report.ts'
import { asRkeReadsIt } from './yaml/rewritten-tree.ts'
import { checkTree, findNode, isNull } from './yaml/tree-tools.ts'
import { YamlSyntaxProblem } from './yaml/yaml-syntax-problem.ts'
import { parseYamlTree, type YamlNode } from './yaml/yaml-tree.ts'

export interface ParseOptions {
  /** Unknown and repeated keys are errors, not warnings. */
  readonly strict?: boolean
}

/** A cluster file as given, nothing defaulted but what depends on which keys are written. */
export interface ParsedCluster {
  readonly input: ClusterInput
  readonly warnings: readonly Problem[]
  /** Makes a problem out of a path in cluster.yml, with line and column of the deepest key on it that is there. */
  problem(severity: Problem['severity'], path: Path, message: string): Problem
}

/**
 * Reads a cluster file.
 * @param fileName only for messages.
 * @throws ConfigError that lists all problems in the order of the file.
 */
export function parseClusterYaml(text: string, fileName: string, options: ParseOptions = {}): ParsedCluster {
  const problems: Problem[] = []
  const report: Report = (severity, at, path, message) => {
    const raised = options.strict ? 'error' : severity
    problems.push({ severity: raised, file: fileName, ...placeOf(text, at), path: pathText(path), message })
  }
  const root = readTree(text, report)
  failOnErrors(problems)
  const input = root === undefined ? {} : (decode(clusterConfigSchema, root, report) as ClusterInput)
  const problem: ParsedCluster['problem'] = (severity, path, message) => {
    const at = root === undefined || path.length === 0 ? undefined : findNode(root, path).at
    const place = at === undefined || at === root?.at ? { line: 0, column: 0 } : placeOf(text, at)
    return { severity, file: fileName, ...place, path: pathText(path), message }
  }
  problems.push(...checkWrittenObjects(input, problem))
  failOnErrors(problems)
  return { input: fillFromWhatIsWritten(input), warnings: inFileOrder(problems), problem }
}

function readTree(text: string, report: Report): YamlNode | undefined {
  try {
    const root = parseYamlTree(text)
    if (root === undefined || isNull(root)) return undefined
    checkTree(root)
    if (root.kind === 'map') return asRkeReadsIt(root)
    report('error', root.at, [], 'a cluster file must be a mapping of keys such as `nodes:` to values')
  } catch (thrown) {
    if (!(thrown instanceof YamlSyntaxProblem)) throw thrown
    report('error', thrown.at, [], thrown.message)
  }
  return undefined
}

/** @throws ConfigError if there is an error among the problems; warnings are listed with it. */
export function failOnErrors(problems: readonly Problem[]): void {
  const errors = inFileOrder(problems.filter(({ severity }) => severity === 'error'))
  const [first] = errors
  if (first === undefined) return
  const lines = errors.map(problemText)
  throw new ConfigError(
    lines.length === 1
      ? (lines[0] ?? '')
      : `${first.file} has ${lines.length} problems:\n${lines.map((line) => `  ${line}`).join('\n')}`,
    { step: `read ${first.file}` },
  )
}
