import { compareSemantic } from './version-order.ts'

const operators: Readonly<Record<string, (order: number) => boolean>> = {
  '>=': (order) => order >= 0,
  '>': (order) => order > 0,
  '<=': (order) => order <= 0,
  '<': (order) => order < 0,
  '=': (order) => order === 0,
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '!': (order) => order !== 0,
}

/**
 * Whether a version is in a range such as `>=1.27.11-rancher1-1 < 1.27.15-rancher1-1`: blanks mean "and", `||` means
 * "or", and pre-releases count by precedence alone, unlike in npm's ranges. A malformed range matches nothing.
 */
export const inRange = (version: string, range: string): boolean =>
  alternativesWith(version, range).length > 0

/** Below all versions. */
const LOWEST = '0.0.0-0'
const FROM_BELOW: readonly string[] = ['>=', '>', '=', '==']

/** Where the part of a range that holds the version begins: the greatest of its bounds from below. */
export function lowerBound(version: string, range: string): string {
  const bounds = alternativesWith(version, range)
    .flat()
    .filter(({ operator }) => FROM_BELOW.includes(operator))
    .map(({ bound }) => bound)
  return bounds.reduce((most, bound) => (compareSemantic(bound, most) > 0 ? bound : most), LOWEST)
}

interface Term {
  readonly operator: string
  readonly bound: string
}

/** The parts between `||` that hold the version. */
function alternativesWith(version: string, range: string): readonly (readonly Term[])[] {
  return range
    .split('||')
    .map(termsOf)
    .filter((terms) => terms.length > 0 && terms.every((term) => holds(version, term)))
}

const termsOf = (alternative: string): readonly Term[] =>
  [...alternative.matchAll(/(>=|<=|!=|==|>|<|=|!)?\s*([^\s<>=!]+)/g)].map(
    ([, operator = '=', bound = '']) => ({ operator, bound }),
  )

function holds(version: string, { operator, bound }: Term): boolean {
  const order = compareSemantic(version, bound)
  return !Number.isNaN(order) && (operators[operator]?.(order) ?? false)
}
