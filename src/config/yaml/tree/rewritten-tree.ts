import { numberText, plainValue } from './plain-scalar.ts'
import { entriesOf, keyText, nodeAtPath } from './tree-tools.ts'
import type { YamlEntry, YamlNode, YamlScalar } from './yaml-tree.ts'

const customConfigPath = ['services', 'kube-api', 'secrets_encryption_config', 'custom_config']

/**
 * RKE writes the whole file anew when a custom encryption configuration is in it, and reads that: numbers and
 * booleans without quotes then have another text (`1.10` becomes `1.1`, `yes` becomes `true`), keys too, and of
 * equal keys only the last is left. Clusters were built from those texts, so they are kept; the custom
 * configuration itself is read before this happens. Any other file stays as it is.
 */
export function asRkeReadsIt(root: YamlNode): YamlNode {
  const custom = nodeAtPath(root, customConfigPath)
  return custom.found && custom.node.kind === 'map' ? rewritten(root, custom.node) : root
}

function rewritten(node: YamlNode, untouched: YamlNode): YamlNode {
  if (node === untouched) return node
  if (node.kind === 'scalar') return rewrittenScalar(node)
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => rewritten(item, untouched)) }
  const last = new Map<string, YamlEntry>()
  for (const { key, value } of entriesOf(node)) {
    const newKey = key.kind === 'scalar' ? rewrittenScalar(key) : key
    last.set(keyText(newKey), { key: newKey, value: rewritten(value, untouched) })
  }
  return { ...node, entries: [...last.values()] }
}

function rewrittenScalar(node: YamlScalar): YamlScalar {
  if (!node.plain) return node
  const value = plainValue(node.text)
  if (typeof value === 'boolean') return { ...node, text: String(value), original: node.text }
  if (value === null) return { ...node, text: 'null' }
  if (typeof value === 'number') return { ...node, text: numberText(value), original: node.text }
  return node
}
