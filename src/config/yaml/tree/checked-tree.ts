import type { Path, Report } from '../report.ts'
import { plainValue } from './plain-scalar.ts'
import { isMerge, isNull, keyText } from './tree-tools.ts'
import { YamlSyntaxProblem } from './yaml-syntax-problem.ts'
import type { YamlEntry, YamlMap, YamlNode } from './yaml-tree.ts'

/** More nodes than any real cluster file has, aliases counted each time they are used; a long text counts as many. */
const largestTree = 200_000
const textPerNode = 64

/**
 * The tree without what no cluster file may hold anywhere: null or compound keys, infinities, and merges of
 * anything but mappings. All of these are reported.
 * @throws YamlSyntaxProblem where aliases expand beyond all bounds.
 */
export function checkedTree(root: YamlNode, report: Report): YamlNode {
  const checked = new Map<YamlNode, { readonly node: YamlNode; readonly size: number }>()
  let total = 0

  const check = (node: YamlNode, path: Path): YamlNode => {
    const known = checked.get(node)
    const before = total
    const result = known?.node ?? inside(node, path)
    total += known === undefined ? 1 + ownSize(node) : known.size
    if (total > largestTree) {
      throw new YamlSyntaxProblem(node.at, 'the aliases of this file expand beyond the size limit')
    }
    if (known === undefined) checked.set(node, { node: result, size: total - before })
    return result
  }

  const inside = (node: YamlNode, path: Path): YamlNode => {
    if (node.kind === 'scalar') return node.plain && isEndless(node.text) ? refused(node, path) : node
    if (node.kind === 'list') {
      return { ...node, items: node.items.map((item, index) => check(item, [...path, index])) }
    }
    return { ...node, entries: node.entries.flatMap((entry) => checkEntry(entry, path)) }
  }

  const checkEntry = ({ key, value }: YamlEntry, path: Path): readonly YamlEntry[] => {
    const bad = (at: number, message: string): readonly YamlEntry[] => {
      report('error', at, path, message)
      return []
    }
    if (key.kind !== 'scalar') return bad(key.at, 'a key must be plain text')
    if (isNull(key)) return bad(key.at, 'a key must not be empty or null')
    if (key.plain && isEndless(key.text)) return bad(key.at, 'infinity and not-a-number cannot be keys')
    const checkedValue = check(value, [...path, keyText(key)])
    if (isMerge(key) && !canMerge(checkedValue)) return bad(value.at, '<< can merge only mappings')
    return [{ key, value: checkedValue }]
  }

  const refused = (node: YamlNode, path: Path): YamlNode => {
    report('error', node.at, path, 'infinity and not-a-number are not allowed', 'put a text in quotes')
    return { kind: 'scalar', at: node.at, text: '', plain: true }
  }

  return check(root, [])
}

const ownSize = (node: YamlNode): number =>
  node.kind === 'scalar' ? Math.floor(node.text.length / textPerNode) : 0

const isEndless = (text: string): boolean => {
  if (!text.includes('.')) return false
  const value = plainValue(text)
  return typeof value === 'number' && !Number.isFinite(value)
}

const canMerge = (value: YamlNode): boolean =>
  value.kind === 'list' ? value.items.every(isMap) : isMap(value)

const isMap = (node: YamlNode): node is YamlMap => node.kind === 'map'
