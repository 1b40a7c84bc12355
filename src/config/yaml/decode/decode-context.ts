import type { SchemaView } from '../../schema/reading/schema-view.ts'
import { stepsOf, type Trail } from '../../schema/reading/trail.ts'
import type { KeyStyle } from '../../schema/reading/yaml-keys.ts'
import type { Report } from '../report.ts'
import { plainValue } from '../tree/plain-scalar.ts'
import { isNull, nodeAtPath } from '../tree/tree-tools.ts'
import type { YamlMap, YamlNode } from '../tree/yaml-tree.ts'

/** By which of RKE's rules a part of the file is read, and the way to it. */
export interface Context {
  readonly trail: Trail | undefined
  readonly report: Report
  readonly keys: KeyStyle
  /** Inside a Kubernetes object values are typed as JSON. */
  readonly kubernetes: boolean
  /** All keys on the way here from such an object are in lower case, so that RKE's plain reading sees the value, too. */
  readonly lowerCase: boolean
}

export const outermost = (report: Report): Context => ({
  trail: undefined,
  report,
  keys: 'snake',
  kubernetes: false,
  lowerCase: false,
})

/** The rules inside a value. */
export function contextFor({ rules }: SchemaView, outer: Context): Context {
  if (outer.keys === 'lower') return outer
  if (rules.decode === 'kubernetes') {
    return { ...outer, keys: rules.keys ?? 'any-case', kubernetes: true, lowerCase: true }
  }
  return rules.keys === undefined ? outer : { ...outer, keys: rules.keys }
}

/** The rules for what a value holds at a step. */
export const inside = (outer: Context, step: string | number): Context => ({
  ...outer,
  trail: { outer: outer.trail, step },
  lowerCase: outer.lowerCase && (typeof step === 'number' || step === step.toLowerCase()),
})

/**
 * A part that is a Kubernetes object only while a switch beside it is on: RKE does not read it again otherwise, and
 * knows its keys in lower case only; and then it must not be null.
 */
export function withSwitch(
  { rules }: SchemaView,
  block: YamlMap,
  value: YamlNode,
  context: Context,
): Context {
  const { decodeWhile } = rules
  if (decodeWhile === undefined) return context
  const { node } = nodeAtPath(block, [decodeWhile])
  const isOn = node.kind === 'scalar' && node.plain && plainValue(node.text) === true
  if (isOn && isNull(value)) {
    context.report(
      'error',
      value.at,
      stepsOf(context.trail),
      `must not be empty with \`${decodeWhile}: true\``,
      'remove the key, or give it a mapping',
    )
  }
  return isOn ? context : { ...context, keys: 'lower' }
}
