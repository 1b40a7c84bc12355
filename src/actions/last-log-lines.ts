import type { Node } from '../node/node.ts'

const LINES = 20
/** Of these the last are shown that a component said: its entry script tells each of its steps, again and again. */
const READ = 400
const SCRIPT = /^\++ /

/** The end of a container's log, for an error; a log that cannot be read leaves the error without. */
export async function lastLogLines(node: Node, container: string): Promise<string> {
  try {
    const { stdout, stderr } = await node.docker.logs(container, { tail: READ })
    const lines = (stderr.trim() || stdout.trim()).split('\n')
    const said = lines.filter((line) => !SCRIPT.test(line))
    const text = (said.length > 0 ? said : lines).slice(-LINES).join('\n')
    return text === '' ? `The log of container ${container} is empty.` : `Last lines of its log:\n${text}`
  } catch {
    return `Its log cannot be read; try "docker logs ${container}" on the node.`
  }
}
