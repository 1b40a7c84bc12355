import { toJson } from './tree/tree-tools.ts'
import { YamlSyntaxProblem } from './tree/yaml-syntax-problem.ts'
import { parseYamlTree } from './tree/yaml-tree.ts'

/**
 * The first document of a text as JSON, as all of Kubernetes reads YAML. An empty document is null.
 * @throws YamlSyntaxProblem
 */
export function readYaml(text: string): unknown {
  const { root } = parseYamlTree(text)
  return root === undefined ? null : toJson(root)
}

/** One document of a text, as it was written, with its separator. */
export interface DocumentText {
  readonly text: string
  /** Where it begins in the whole text. */
  readonly at: number
}

/** The documents of a manifest as kubectl sees them: a line that begins with `---` separates them wherever it stands. */
export function splitDocuments(text: string): readonly DocumentText[] {
  const starts = [0, ...[...text.matchAll(/^---/gm)].map(({ index }) => index).filter((index) => index > 0)]
  return starts.map((at, index) => ({ at, text: text.slice(at, starts[index + 1]) }))
}

/**
 * The documents of a manifest that are not empty.
 * @throws YamlSyntaxProblem with an offset in the whole text.
 */
export function readYamlDocuments(manifest: string): unknown[] {
  return splitDocuments(manifest)
    .map(({ text, at }) => {
      try {
        return readYaml(text)
      } catch (thrown) {
        if (!(thrown instanceof YamlSyntaxProblem)) throw thrown
        throw new YamlSyntaxProblem(at + thrown.at, thrown.message, thrown.hint)
      }
    })
    .filter((document) => document !== null)
}
