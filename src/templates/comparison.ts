import { byBytes } from '../config/state-form.ts'
import type { Value } from './values.ts'

const BASIC: readonly string[] = ['string', 'number', 'boolean']
const isBasic = (value: Value): value is string | number | boolean => BASIC.includes(typeof value)
const isNothing = (value: Value): boolean => value === undefined || value === null

/**
 * Whether two values are equal; `undefined` where Go has an error: for different types, lists, maps and structures. What is
 * missing equals nothing but what is missing.
 */
export function equal(a: Value, b: Value): boolean | undefined {
  if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b)
  if (!isBasic(a) || typeof a !== typeof b) return undefined
  return a === b
}

/** The order of two texts (by bytes: `v1.9` is above `v1.12`) or numbers; `undefined` where Go has an error. */
export function compareValues(a: Value, b: Value): number | undefined {
  if (typeof a === 'string' && typeof b === 'string') return byBytes(a, b)
  return typeof a === 'number' && typeof b === 'number' ? a - b : undefined
}
