/** Suffixes by the power of their base. */
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E']
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const QUANTITY = /^([+-]?)(\d+\.?\d*|\.\d+)(?:([KMGTPE]i)|([numkMGTPE])|[eE]([+-]?\d{1,2}))?$/

/** A quantity in billionths, and how it was written. */
interface Quantity {
  readonly nano: bigint
  readonly form: 'binary' | 'decimal' | 'exponent'
}

/** Whether a text or number is a quantity of Kubernetes, such as `1024Mi`, `0.5` or `2e3`. */
export const isQuantity = (given: string | number): boolean => parse(String(given)) !== undefined

/**
 * A quantity the way Kubernetes writes it again: a whole number with the largest suffix of its kind that loses nothing,
 * so `1024Mi` becomes `1Gi` and `0.5` becomes `500m`. What is no quantity stays as it is.
 */
export function normaliseQuantity(given: string | number): string {
  const text = String(given)
  const quantity = parse(text)
  return quantity === undefined ? text : format(quantity)
}

function parse(text: string): Quantity | undefined {
  const [, sign = '', digits, binary, decimal = '', exponent] = QUANTITY.exec(text) ?? []
  if (digits === undefined) return undefined
  const [whole = '', fraction = ''] = digits.split('.')
  const power = exponent === undefined ? 3 * (DECIMAL.indexOf(decimal) - 3) : Number(exponent)
  const factor = binary === undefined ? 1n : 1024n ** BigInt(BINARY.indexOf(binary))
  const scale = 9 + (binary === undefined ? power : 0) - fraction.length
  const value = BigInt(whole + fraction) * factor
  // A finer part than a billionth is rounded up.
  const nano = scale >= 0 ? value * 10n ** BigInt(scale) : dividedUp(value, 10n ** BigInt(-scale))
  const form = binary !== undefined ? 'binary' : exponent !== undefined ? 'exponent' : 'decimal'
  return { nano: sign === '-' ? -nano : nano, form }
}

const dividedUp = (value: bigint, by: bigint): bigint => (value + by - 1n) / by

function format({ nano, form }: Quantity): string {
  if (nano === 0n) return '0'
  const sign = nano < 0n ? '-' : ''
  const size = nano < 0n ? -nano : nano
  const one = 10n ** 9n
  if (form === 'binary' && size >= 1024n * one && size % one === 0n) {
    const [number, power] = reduced(size / one, 1024n, BINARY.length - 1)
    return `${sign}${number}${BINARY[power]}`
  }
  const [number, power] = reduced(size, 1000n, DECIMAL.length - 1)
  const suffix = DECIMAL[power] ?? ''
  return `${sign}${number}${form === 'exponent' && suffix !== '' ? `e${3 * (power - 3)}` : suffix}`
}

/** The number divided by its base as often as nothing is lost, and how often that is. */
function reduced(number: bigint, base: bigint, most: number): readonly [bigint, number] {
  let rest = number
  let power = 0
  while (power < most && rest % base === 0n) {
    rest /= base
    power++
  }
  return [rest, power]
}
