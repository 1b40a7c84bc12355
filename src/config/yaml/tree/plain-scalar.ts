/** What a scalar without quotes means by the rules of YAML 1.1. Infinity and not-a-number are numbers. */
export type PlainValue = null | boolean | number | string

const nulls = new Set(['', '~', 'null', 'Null', 'NULL'])
const truths = new Set(['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'])
const lies = new Set(['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'])

const integerForm = /^([-+]?)(0x[\da-f]+|0b[01]+|0o[0-7]+|0[0-7]*|[1-9]\d*)$/i
const floatForm = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/
const endlessForm = /^(?:([-+]?)\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/

/** Resolves a plain scalar: null, a boolean (the letters y and n included), a number, or else its text. */
export function plainValue(text: string): PlainValue {
  if (nulls.has(text)) return null
  if (truths.has(text)) return true
  if (lies.has(text)) return false
  return integerOf(text) ?? fractionOf(text) ?? text
}

/** Whether a scalar without quotes is null. */
export const isNullText = (text: string): boolean => nulls.has(text)

/** Whether a text means a value of a type. A whole number is a number, too, but `1.0` is no integer. */
export function isOfType(text: string, type: 'null' | 'boolean' | 'integer' | 'number' | 'merge'): boolean {
  if (type === 'merge') return text === '<<'
  if (type === 'null') return isNullText(text)
  if (type === 'integer') return integerOf(text) !== undefined
  return typeof plainValue(text) === type
}

const digitsOf = (text: string): string | undefined =>
  /^[-+\d]/.test(text) ? text.replaceAll('_', '') : undefined

/** An integer that 64 bits hold, with or without a sign. Octal ones may begin with a mere 0. */
function integerOf(text: string): number | undefined {
  const [digits, sign = '', size = ''] = integerForm.exec(digitsOf(text) ?? '') ?? []
  if (digits === undefined) return undefined
  const value = BigInt(size.toLowerCase().replace(/^0(?=[0-7])/, '0o'))
  if (value >= (sign === '-' ? 2n ** 63n + 1n : sign === '+' ? 2n ** 63n : 2n ** 64n)) return undefined
  return (sign === '-' ? -1 : 1) * Number(value)
}

/** A number with a point or an exponent, and an integer of more than 64 bits. */
function fractionOf(text: string): number | undefined {
  const digits = text.startsWith('.') ? text : digitsOf(text)
  if (digits !== undefined && floatForm.test(digits)) {
    const value = Number(digits)
    return Number.isFinite(value) ? value : undefined
  }
  const endless = endlessForm.exec(text)
  if (endless === null) return undefined
  return endless[1] === undefined ? Number.NaN : endless[1] === '-' ? -Infinity : Infinity
}

/**
 * A number as the file reads after a round trip through 64-bit floats: whole numbers that 64 bits hold in plain digits,
 * others in the shortest form, with an exponent of at least two digits when it is below -4 or above 5.
 */
export function numberText(value: number): string {
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e')
  const exponent = Number(exponentText)
  if (
    Number.isInteger(value) ? exponent < 20 && isInteger64(String(value)) : exponent >= -4 && exponent <= 5
  ) {
    return String(value)
  }
  const digits = String(Math.abs(exponent)).padStart(2, '0')
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`
}

const isInteger64 = (digits: string): boolean => integerOf(digits) !== undefined
