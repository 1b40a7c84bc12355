/**
 * Order of mapping keys in the YAML form of files on nodes: rune by rune, letters by code point and after
 * everything that is no letter, runs of digits by their number (`z9` before `z10`), a prefix before what
 * continues it.
 */
export function compareKeys(left: string, right: string): number {
  const a = [...left]
  const b = [...right]
  const at = a.findIndex((char, index) => char !== b[index])
  const [x, y] = [a[at], b[at]]
  if (x === undefined || y === undefined) return a.length - b.length
  if (isLetter(x) !== isLetter(y)) return isLetter(x) ? 1 : -1
  if (isLetter(x)) return codePoint(x) - codePoint(y)
  return compareDigits(a, b, at) || codePoint(x) - codePoint(y)
}

/** The numbers that begin at `at`; where one begins with 0, digits before the difference give it its size. */
function compareDigits(a: readonly string[], b: readonly string[], at: number): number {
  const [x, y] = [digitsFrom(a, at), digitsFrom(b, at)]
  const lead = (x.startsWith('0') || y.startsWith('0')) && insideNumber(a, at) ? '1' : ''
  const difference = BigInt(`${lead}${x}` || '0') - BigInt(`${lead}${y}` || '0')
  if (difference !== 0n) return difference < 0n ? -1 : 1
  return x.length - y.length
}

function digitsFrom(runes: readonly string[], at: number): string {
  return /^\d*/.exec(runes.slice(at).join(''))?.[0] ?? ''
}

function insideNumber(runes: readonly string[], at: number): boolean {
  return /[1-9]\d*$/.test(runes.slice(0, at).join(''))
}

const isLetter = (char: string): boolean => /^\p{L}$/u.test(char)
const codePoint = (char: string): number => char.codePointAt(0) ?? 0
