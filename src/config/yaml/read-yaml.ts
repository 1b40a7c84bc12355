import { toJson } from './tree-tools.ts'
import { YamlSyntaxProblem } from './yaml-syntax-problem.ts'
import { parseYamlTree } from './yaml-tree.ts'

/**
 * The first document of a text as JSON, as all of Kubernetes reads YAML. An empty document is null.
 * @throws YamlSyntaxProblem
 */
export function readYaml(text: string): unknown {
  const { root } = parseYamlTree(text)
  return root === undefined ? null : toJson(root)
}

/**
 * The documents of a manifest that are not empty, as kubectl sees them: a line that begins with `---` separates them
 * wherever it stands.
 * @throws YamlSyntaxProblem with an offset in the whole text.
 */
export function readYamlDocuments(text: string): unknown[] {
  const starts = [0, ...[...text.matchAll(/^---/gm)].map(({ index }) => index).filter((index) => index > 0)]
  return starts
    .map((start, index) => {
      try {
        return readYaml(text.slice(start, starts[index + 1]))
      } catch (thrown) {
        if (!(thrown instanceof YamlSyntaxProblem)) throw thrown
        throw new YamlSyntaxProblem(start + thrown.at, thrown.message, thrown.hint)
      }
    })
    .filter((document) => document !== null)
}
