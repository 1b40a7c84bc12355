import type { Report } from './report.ts'
import { checkedTree } from './tree/checked-tree.ts'
import { asRkeReadsIt } from './tree/rewritten-tree.ts'
import { isNull } from './tree/tree-tools.ts'
import { YamlSyntaxProblem } from './tree/yaml-syntax-problem.ts'
import { parseYamlTree, type YamlMap, type YamlNode } from './tree/yaml-tree.ts'

export interface ReadTree {
  /** Missing for an empty file, and for one that cannot be read at all. */
  readonly root?: YamlMap
  /** Whether all of the file is in the tree. */
  readonly whole: boolean
}

/**
 * The tree of a cluster file as RKE reads it. What cannot be read is reported, and the rest is read none the less:
 * where a block at the top is no YAML, all other blocks are.
 */
export function readTree(text: string, report: Report): ReadTree {
  try {
    const { root, endsEarly } = parseYamlTree(text)
    if (endsEarly !== undefined) {
      const hint = 'start all keys at the column of the first one'
      report(
        'warning',
        endsEarly,
        [],
        'this line and all that follow are not read: the document ends before it',
        hint,
      )
    }
    return checked(root, report, true)
  } catch (thrown) {
    if (!(thrown instanceof YamlSyntaxProblem)) throw thrown
    report('error', thrown.at, [], thrown.message, thrown.hint)
    return readRest(text, thrown.at, report)
  }
}

function checked(root: YamlNode | undefined, report: Report, whole: boolean): ReadTree {
  if (root === undefined || isNull(root)) return { whole }
  const clean = checkedTree(root, report)
  if (clean.kind === 'map') {
    const read = asRkeReadsIt(clean)
    return read.kind === 'map' ? { root: read, whole } : { whole: false }
  }
  if (whole)
    report('error', root.at, [], 'a cluster file must be a mapping of keys such as `nodes:` to values')
  return { whole: false }
}

/** An error often shows only in the block after the one that it is in. */
function readRest(text: string, at: number, report: Report): ReadTree {
  for (const rest of withoutBlock(text, at)) {
    try {
      return checked(parseYamlTree(rest).root, report, false)
    } catch (thrown) {
      if (!(thrown instanceof YamlSyntaxProblem)) throw thrown
    }
  }
  return { whole: false }
}

/** The text with blanks in place of the block that holds an offset, and in place of the one before it. */
function withoutBlock(text: string, at: number): readonly string[] {
  const starts = [...text.matchAll(/^[^\s#\-}\]].*$/gm)].map(({ index }) => index)
  const holder = starts.findLastIndex((start) => start <= at)
  return [holder, holder - 1].flatMap((index) => {
    const start = starts[index]
    if (start === undefined) return []
    const end = starts[index + 1] ?? text.length
    return [text.slice(0, start) + text.slice(start, end).replace(/[^\r\n]/g, ' ') + text.slice(end)]
  })
}
