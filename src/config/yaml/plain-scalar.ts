/** What a scalar without quotes means by the rules of YAML 1.1. Infinity and not-a-number are numbers. */
export type PlainValue = null | boolean | number | string

const nulls = new Set(['', '~', 'null', 'Null', 'NULL'])
const truths = new Set(['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'])
const lies = new Set(['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'])

const integerForms: readonly (readonly [RegExp, number])[] = [
  [/^([-+]?)0x([\da-fA-F]+)$/i, 16],
  [/^([-+]?)0b([01]+)$/i, 2],
  [/^([-+]?)0o([0-7]+)$/i, 8],
  [/^([-+]?)0([0-7]+)$/, 8],
  [/^([-+]?)(0|[1-9]\d*)$/, 10],
]
const floatForm = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/
const infinity = /^([-+]?)\.(?:inf|Inf|INF)$/
const notANumber = /^\.(?:nan|NaN|NAN)$/

/** Resolves a plain scalar: null, a boolean (the letters y and n included), a number, or else its text. */
export function plainValue(text: string): PlainValue {
  if (nulls.has(text)) return null
  if (truths.has(text)) return true
  if (lies.has(text)) return false
  return numberOf(text) ?? text
}

/** Whether a scalar without quotes is null. */
export const isNullText = (text: string): boolean => nulls.has(text)

function numberOf(text: string): number | undefined {
  if (!/^[-+.\d]/.test(text)) return undefined
  const digits = text.replaceAll('_', '')
  for (const [form, base] of integerForms) {
    const match = form.exec(digits)
    if (match !== null) return (match[1] === '-' ? -1 : 1) * Number.parseInt(match[2] ?? '', base)
  }
  if (floatForm.test(digits)) return Number(digits)
  const endless = infinity.exec(text)
  if (endless !== null) return endless[1] === '-' ? -Infinity : Infinity
  return notANumber.test(text) ? Number.NaN : undefined
}

/**
 * A number as the file reads after a round trip through 64-bit floats: whole numbers below 2^64 in plain digits,
 * others in the shortest form, with an exponent of at least two digits when it is below -4 or above 5.
 */
export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 64) return BigInt(value).toString()
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e')
  const exponent = Number(exponentText)
  if (!Number.isInteger(value) && exponent >= -4 && exponent <= 5) return String(value)
  const digits = String(Math.abs(exponent)).padStart(2, '0')
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`
}
