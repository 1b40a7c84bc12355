import type { FieldRules } from '../../schema/reading/field-rules.ts'
import { stepsOf } from '../../schema/reading/trail.ts'
import { plainValue } from '../tree/plain-scalar.ts'
import type { YamlScalar } from '../tree/yaml-tree.ts'
import type { Context } from './decode-context.ts'

type ScalarKind = 'text' | 'switch' | 'integer' | 'number' | 'integer-or-text'

/**
 * A scalar as the schema wants it. In RKE's own part of the file a text takes whatever is written, to the letter;
 * in Kubernetes objects a number or boolean without quotes is not a text. `undefined` after reporting a misfit.
 */
export function decodeScalar(
  kind: ScalarKind,
  node: YamlScalar,
  context: Context,
  { whole }: FieldRules,
): unknown {
  const value = node.plain ? plainValue(node.text) : node.text
  const misfit = (message: string, hint?: string): undefined => {
    context.report('error', node.at, stepsOf(context.trail), message, hint)
    return undefined
  }
  switch (kind) {
    case 'text':
      if (!context.kubernetes) return ownText(node, context)
      if (typeof value === 'string') return value
      return misfit(`must be text, but this is read as a ${typeof value}`, 'put it in quotes')
    case 'switch':
      if (typeof value === 'boolean') return value
      return node.plain
        ? misfit('must be true or false')
        : misfit('must be true or false, but quoted text is written here', 'remove the quotes')
    case 'integer-or-text':
      if (context.lowerCase) {
        return misfit(
          'is ignored under a lower-case key',
          'write `rollingUpdate`, `maxUnavailable`, `maxSurge`',
        )
      }
      if (typeof value === 'string' || Number.isSafeInteger(value)) return value
      return misfit('must be a whole number, or a percentage such as 25%')
    default: {
      const exact = context.kubernetes || whole === true
      const number = decodeNumber(kind, node, value, exact)
      if (number !== undefined) return number
      if (node.plain && typeof value === 'number') {
        return misfit(exact ? 'must be a whole number' : 'must be a number of at most 64 bits')
      }
      return node.plain
        ? misfit('must be a number')
        : misfit('must be a number, but quoted text is written here', 'remove the quotes')
    }
  }
}

/** An integer must fit into 64 bits; in RKE's own part of the file a fraction is truncated. */
function decodeNumber(kind: 'integer' | 'number', node: YamlScalar, value: unknown, exact: boolean) {
  if (typeof value !== 'number' || !node.plain) return undefined
  if (kind === 'number') return value
  const whole = exact ? value : Math.trunc(value)
  return Number.isInteger(whole) && whole >= -(2 ** 63) && whole < 2 ** 63 ? whole : undefined
}

function ownText(node: YamlScalar, { report, trail }: Context): string {
  if (node.original !== undefined && node.original !== node.text) {
    report(
      'warning',
      node.at,
      stepsOf(trail),
      `is read as \`${node.text}\`, because a custom_config for secrets encryption makes RKE rewrite numbers and switches in the whole file`,
      'quote it to keep it as written',
    )
  }
  return node.text
}
