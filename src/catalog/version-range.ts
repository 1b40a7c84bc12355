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
export function inRange(version: string, range: string): boolean {
  return range.split('||').some((alternative) => {
    const terms = [...alternative.matchAll(/(>=|<=|!=|==|>|<|=|!)?\s*([^\s<>=!]+)/g)]
    return (
      terms.length > 0 &&
      terms.every(([, operator = '=', bound = '']) => {
        const order = compareSemantic(version, bound)
        return !Number.isNaN(order) && (operators[operator]?.(order) ?? false)
      })
    )
  })
}
