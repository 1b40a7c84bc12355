const SHORT: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
}
const LETTERS = new Map(Object.entries(SHORT).map(([letter, char]) => [char, letter]))
const ESCAPE = /\\(?:([abfnrtv\\'"])|x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y
const PRINTABLE = /^[ \p{L}\p{M}\p{N}\p{P}\p{S}]$/u

/**
 * The text between Go's quotes.
 * @param quote the one that may be escaped: the other one may not
 * @returns `undefined` if an escape is none of Go's, or stands for a part of a character
 */
export function unquoted(inside: string, quote: '"' | "'"): string | undefined {
  let text = ''
  for (let at = 0; at < inside.length; ) {
    if (inside[at] !== '\\') {
      text += inside[at++]
      continue
    }
    ESCAPE.lastIndex = at
    const [all = '', letter, hex, octal, short, long] = ESCAPE.exec(inside) ?? []
    if (all === '' || (letter !== quote && (letter === '"' || letter === "'"))) return undefined
    at += all.length
    const char = letter === undefined ? character(hex, octal, short ?? long) : (SHORT[letter] ?? letter)
    if (char === undefined) return undefined
    text += char
  }
  return text
}

/** By its code; of bytes only those that are a character by themselves. */
function character(hex?: string, octal?: string, rune?: string): string | undefined {
  const byte = hex === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(hex, 16)
  if (rune === undefined) return byte < 0x80 ? String.fromCharCode(byte) : undefined
  const code = Number.parseInt(rune, 16)
  return code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? undefined : String.fromCodePoint(code)
}

/** A text in double quotes, as Go writes it: what cannot be printed is escaped. */
export function quoted(text: string): string {
  return `"${[...text].map(escaped).join('')}"`
}

function escaped(char: string): string {
  const letter = LETTERS.get(char)
  if (letter !== undefined) return `\\${letter}`
  if (char === '"') return '\\"'
  if (PRINTABLE.test(char) && (char === ' ' || !/\p{Zs}/u.test(char))) return char
  const code = char.codePointAt(0) ?? 0
  const hex = code.toString(16)
  if (code < 0x80) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
