/** Columns after which the next single blank breaks the line. */
const WIDTH = 80

export interface FoldOptions {
  /** Column at which the text begins. */
  readonly column: number
  /** Blanks before each continuation line. */
  readonly indent: number
  readonly quotes: 'none' | 'single' | 'double'
  /** How a character is written; a blank is always written as it is. */
  readonly write: (char: string) => string
}

/**
 * Writes a text, breaking each line at the first blank beyond the width. Reading it back gives the blank
 * again, so only a blank alone may be taken; in double quotes also the first of several, its follower escaped.
 */
export function fold(text: string, { column, indent, quotes, write }: FoldOptions): string {
  const chars = [...text]
  let at = column
  let written = ''
  const put = (piece: string): void => {
    written += piece
    at += [...piece].length
  }
  for (const [index, char] of chars.entries()) {
    const follower = chars[index + 1]
    const inner = quotes === 'none' || (index > 0 && follower !== undefined)
    const first = char === ' ' && chars[index - 1] !== ' '
    if (first && inner && at > WIDTH && (quotes === 'double' || follower !== ' ')) {
      written += `\n${' '.repeat(indent)}`
      at = indent
      if (follower === ' ') put('\\')
    } else put(char === ' ' ? char : write(char))
  }
  return written
}
