import type { Node } from '../../node/node.ts'

const LINES = 20
/**
 * Of these the last lines of the component itself are printed: the entry script logs hundreds of lines at each start.
 */
const READ = 5000
const SCRIPT = /^\++ /
/** An error in the formats of klog, cobra, the Go runtime and etcd's JSON log. */
const ERROR = /^(?:[EF]\d{4} |Error: |panic: |fatal error: |\{"level":"(?:error|fatal|panic)")/

/** The end of a container's log, for an error; a log that cannot be read leaves the error without. */
export async function lastLogLines(node: Node, container: string): Promise<string> {
  try {
    const { stdout, stderr } = await node.docker.logs(container, { tail: READ })
    const lines = (stderr.trim() || stdout.trim()).split('\n')
    const said = lines.filter((line) => !SCRIPT.test(line))
    const text = endOf(said.length > 0 ? said : lines).join('\n')
    return text === '' ? `The log of container ${container} is empty.` : `Last lines of its log:\n${text}`
  } catch {
    return `Its log cannot be read; try "docker logs ${container}" on the node.`
  }
}

/** With the last error before it, where a component that was started again has said other things since. */
function endOf(lines: readonly string[]): readonly string[] {
  const end = lines.slice(-LINES)
  const error = end.some((line) => ERROR.test(line)) ? undefined : lines.findLast((line) => ERROR.test(line))
  return error === undefined ? end : [error, '…', ...end]
}
