/** Two columns: terms and texts, which wrap at `columns`. */
export function twoColumns(
  rows: readonly (readonly [term: string, text: string])[],
  columns: number,
  width = Math.max(0, ...rows.map(([term]) => term.length)),
): readonly string[] {
  return rows.flatMap(([term, text]) => {
    const [first = '', ...rest] = wrapped(text, Math.max(30, columns - width - 4))
    const indent = ' '.repeat(width + 4)
    return [`  ${term.padEnd(width)}  ${first}`.trimEnd(), ...rest.map((line) => `${indent}${line}`)]
  })
}

/** Wraps a text at `columns` characters; longer words stay whole. */
export function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + 1 + word.length <= columns) lines.splice(-1, 1, `${line} ${word}`)
    else lines.push(word)
  }
  return lines
}
