import { isNullText, plainValue } from './plain-scalar.ts'
import type { Path } from './report.ts'
import type { YamlEntry, YamlMap, YamlNode } from './yaml-tree.ts'

export const isNull = (node: YamlNode): boolean =>
  node.kind === 'scalar' && node.plain && isNullText(node.text)

/** Text of a key; complex keys were refused by `checkedTree`. */
export const keyText = (key: YamlNode): string => (key.kind === 'scalar' ? key.text : '')

export const isMerge = (key: YamlNode): boolean => key.kind === 'scalar' && key.plain && key.text === '<<'

/** The mappings that a `<<` merges; anything else was refused by `checkedTree`. */
function mergedMaps(value: YamlNode): readonly YamlMap[] {
  const maps = value.kind === 'list' ? value.items : [value]
  return maps.filter((map): map is YamlMap => map.kind === 'map')
}

/** Entries with merges (`<<`) resolved: what is written here wins, then the first merged mapping that has the key. */
export function entriesOf(map: YamlMap): readonly YamlEntry[] {
  if (!map.entries.some(({ key }) => isMerge(key))) return map.entries
  const own = map.entries.filter(({ key }) => !isMerge(key))
  const taken = new Set(own.map(({ key }) => keyText(key)))
  const merged = map.entries
    .filter(({ key }) => isMerge(key))
    .flatMap(({ value }) => mergedMaps(value))
    .flatMap((inner) => {
      const fresh = entriesOf(inner).filter(({ key }) => !taken.has(keyText(key)))
      for (const { key } of fresh) taken.add(keyText(key))
      return fresh
    })
  return [...merged, ...own]
}

/** The node at a path, or as far as the path leads; `found` says whether it led to the end. `at` is that of its key. */
export function findNode(root: YamlNode, path: Path): { node: YamlNode; at: number; found: boolean } {
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

/** The tree as JSON, by the rules of YAML 1.1. Of equal keys the last one counts. */
export function toJson(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.plain ? plainValue(node.text) : node.text
  if (node.kind === 'list') return node.items.map(toJson)
  return Object.fromEntries(entriesOf(node).map(({ key, value }) => [jsonKey(key), toJson(value)]))
}

function jsonKey(key: YamlNode): string {
  const value = toJson(key)
  return typeof value === 'string' ? value : String(value)
}
