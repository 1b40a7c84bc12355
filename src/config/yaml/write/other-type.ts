const NULL = /^(~|null|Null|NULL)$/
const BOOLEAN = /^(y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/
const SPECIAL_FLOAT = /^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/
const FLOAT = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/
const PREFIXED_INTEGER = /^[-+]?0([xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)$/
const SEXAGESIMAL = /^[-+]?\d[\d_]*(:[0-5]?\d)+(\.[\d_]*)?$/
const DATE =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt](?=.*[Z+-])| +(?!.*[Z+-]))(\d{1,2}):(\d{1,2}):(\d{1,2})([.,]\d+)?(Z|[-+]\d\d:\d\d)?)?$/

/** Whether YAML 1.1 reads this text, written without quotes, as null, a boolean, a number or a date. */
export function readsAsOtherType(text: string): boolean {
  return (
    NULL.test(text) ||
    BOOLEAN.test(text) ||
    SPECIAL_FLOAT.test(text) ||
    SEXAGESIMAL.test(text) ||
    isNumber(text) ||
    isDate(text)
  )
}

/** Underscores may stand between digits, but not first. What exceeds its type's range is a text. */
function isNumber(text: string): boolean {
  if (!/^[-+.\d]/.test(text)) return false
  const digits = text.startsWith('.') ? text : text.replaceAll('_', '')
  if (FLOAT.test(digits)) return Number.isFinite(Number(digits))
  return PREFIXED_INTEGER.test(digits) && fitsInteger(digits)
}

function fitsInteger(digits: string): boolean {
  const signed = /^[-+]/.test(digits)
  const size = BigInt(signed ? digits.slice(1) : digits)
  if (!signed) return size < 2n ** 64n
  return digits.startsWith('-') ? size <= 2n ** 63n : size < 2n ** 63n
}

function isDate(text: string): boolean {
  const match = DATE.exec(text)
  if (match === null) return false
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0))
  const date = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day))
  // Below 100 the constructor means 19xx; only the day's existence is asked for.
  date.setUTCFullYear(year ?? 0, (month ?? 0) - 1, day)
  const exists = date.getUTCMonth() + 1 === month && date.getUTCDate() === day
  return exists && (hour ?? 0) < 24 && (minute ?? 0) < 60 && (second ?? 0) < 60
}
