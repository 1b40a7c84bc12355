import type { Node } from '../node/node.ts'

const LINES = 20

/** The end of a container's log, for an error; a log that cannot be read leaves the error without. */
export async function lastLogLines(node: Node, container: string): Promise<string> {
  try {
    const { stdout, stderr } = await node.docker.logs(container, { tail: LINES })
    const text = (stderr.trim() || stdout.trim()).split('\n').slice(-LINES).join('\n')
    return text === '' ? `The log of container ${container} is empty.` : `Last lines of its log:\n${text}`
  } catch {
    return `Its log cannot be read; try "docker logs ${container}" on the node.`
  }
}
