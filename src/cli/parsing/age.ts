const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const

/** Milliseconds of an age such as `30d`, `12h` or `1d12h`; `undefined` if it is none. Units are m, h, d and w. */
export function parseAge(text: string): number | undefined {
  if (!/^(\d+[mhdw])+$/.test(text)) return undefined
  const parts = [...text.matchAll(/(\d+)([mhdw])/g)]
  const age = parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * UNITS[unit as keyof typeof UNITS],
    0,
  )
  return Number.isSafeInteger(age) && age > 0 ? age : undefined
}
