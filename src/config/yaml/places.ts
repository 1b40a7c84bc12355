/** Line and column, both one-based. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** Computes lines and columns of offsets in a text, which is scanned once. */
export function placesIn(source: string): (at: number) => Place {
  let starts: number[] | undefined
  return (at) => {
    if (at === 0) return { line: 1, column: 1 }
    starts ??= lineStarts(source)
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= at) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: at - (starts[low] ?? 0) + 1 }
  }
}

function lineStarts(source: string): number[] {
  const starts = [0]
  for (const { 0: end, index } of source.matchAll(/\r\n|\r|\n/g)) starts.push(index + end.length)
  return starts
}
