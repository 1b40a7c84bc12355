import type { Path } from '../report.ts'
import { isNullText, numberText, plainValue } from './plain-scalar.ts'
import { YamlSyntaxProblem } from './yaml-syntax-problem.ts'
import type { YamlEntry, YamlMap, YamlNode } from './yaml-tree.ts'

export const isNull = (node: YamlNode): boolean =>
  node.kind === 'scalar' && node.plain && isNullText(node.text)

/** Text of a key; complex keys were refused by `checkedTree`. */
export const keyText = (key: YamlNode): string => (key.kind === 'scalar' ? key.text : '')

export const isMerge = (key: YamlNode): boolean => key.kind === 'scalar' && key.plain && key.text === '<<'

/**
 * Entries in the order in which they count, the last of a key most: a merge (`<<`) stands where it is written, so
 * it wins over keys before it. Of several mappings that one merge names, the first wins.
 */
export function entriesOf(map: YamlMap): readonly YamlEntry[] {
  if (!map.entries.some(({ key }) => isMerge(key))) return map.entries
  return map.entries.flatMap((entry) => {
    if (!isMerge(entry.key)) return [entry]
    const { value } = entry
    const maps = value.kind === 'list' ? value.items.toReversed() : [value]
    return maps
      .flatMap((merged) => (merged.kind === 'map' ? entriesOf(merged) : []))
      .map((each): YamlEntry => ({ ...each, merged: true }))
  })
}

/** The node at a path, or as far as the path leads; `found` says whether it led to the end. `at` is that of its key. */
export function nodeAtPath(root: YamlNode, path: Path): { node: YamlNode; at: number; found: boolean } {
  let node = root
  let at = root.at
  for (const step of path) {
    const entry: YamlEntry | undefined =
      node.kind === 'map' ? entriesOf(node).findLast(({ key }) => keyText(key) === String(step)) : undefined
    const next = entry?.value ?? (node.kind === 'list' ? node.items[Number(step)] : undefined)
    if (next === undefined) return { node, at, found: false }
    node = next
    at = entry?.key.at ?? next.at
  }
  return { node, at, found: true }
}

/**
 * The tree as JSON, by the rules of YAML 1.1. Of equal keys the last one counts. An alias gives the same object again.
 * @throws YamlSyntaxProblem for a key that is null, a list or a mapping.
 */
export function toJson(root: YamlNode): unknown {
  const known = new Map<YamlNode, unknown>()
  const convert = (node: YamlNode): unknown => {
    if (node.kind === 'scalar') return node.plain ? plainValue(node.text) : node.text
    const before = known.get(node)
    if (before !== undefined) return before
    const json =
      node.kind === 'list'
        ? node.items.map(convert)
        : Object.fromEntries(entriesOf(node).map(({ key, value }) => [jsonKey(key), convert(value)]))
    known.set(node, json)
    return json
  }
  return convert(root)
}

/** A key as text: switches and numbers without quotes as JSON writes them. */
export function jsonKey(key: YamlNode): string {
  if (key.kind !== 'scalar' || isNull(key)) throw new YamlSyntaxProblem(key.at, 'a key must be plain text')
  const value = key.plain ? plainValue(key.text) : key.text
  return typeof value === 'number' ? numberText(value) : String(value)
}
