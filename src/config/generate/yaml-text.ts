import { isNullText, plainValue } from '../yaml/tree/plain-scalar.ts'

/** A value as YAML in blocks, ending with a line break: lists are not indented below their key. */
export function yamlText(value: unknown): string {
  return linesOf(value)
    .map((line) => `${line}\n`)
    .join('')
}

function linesOf(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.length > 0) return value.flatMap(listItem)
  if (isMap(value)) return Object.entries(value).flatMap(([key, inner]) => entry(scalarText(key), inner))
  return [flat(value)]
}

const isMap = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0

function listItem(item: unknown): readonly string[] {
  if (typeof item === 'string' && isBlockText(item)) return blockText('-', item)
  return linesOf(item).map((line, index) => (index === 0 ? `- ${line}` : indented(line)))
}

function entry(key: string, value: unknown): readonly string[] {
  if (typeof value === 'string' && isBlockText(value)) return blockText(`${key}:`, value)
  if (Array.isArray(value) && value.length > 0) return [`${key}:`, ...linesOf(value)]
  if (isMap(value)) return [`${key}:`, ...linesOf(value).map(indented)]
  return [`${key}: ${flat(value)}`]
}

function flat(value: unknown): string {
  if (Array.isArray(value)) return '[]'
  if (typeof value === 'object' && value !== null) return '{}'
  return typeof value === 'string' ? scalarText(value) : String(value ?? null)
}

const indented = (line: string): string => (line === '' ? '' : `  ${line}`)

/** Several lines that stand in a block as they are, the first of them not beginning with a blank. */
const isBlockText = (text: string): boolean =>
  /[^\n]\n/.test(text) &&
  /^\n*[^\n\s]/.test(text) &&
  !/[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe]|[ \t](\n|$)/.test(text)

/** How many line breaks end the text is said by the sign after the bar. */
function blockText(start: string, text: string): readonly string[] {
  const body = text.replace(/\n*$/, '')
  const breaks = text.length - body.length
  const lines = text.slice(0, breaks === 0 ? undefined : -1).split('\n')
  return [`${start} |${['-', ''][breaks] ?? '+'}`, ...lines.map(indented)]
}

/** A text on one line: without quotes where it cannot be taken for anything else. */
export function scalarText(text: string): string {
  return isPlain(text) ? text : quoted(text)
}

function isPlain(text: string): boolean {
  if (!/^[\w./~(\\\xa0-\ud7ff]/.test(text) || /[^\w\x20-\x7e\xa0-\ud7ff]|[\x85\u2028\u2029]/.test(text))
    return false
  if (/: |:$| #|^\s|\s$|[[\]{},]/.test(text) || /^\d+(:\d\d)+$|^\d{4}-\d\d?-\d\d?/.test(text)) return false
  return !isNullText(text) && plainValue(text) === text && text !== '='
}

const quoted = (text: string): string =>
  JSON.stringify(text).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
