/** `0.3 s`, `12 s`, `3 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

/** `1 node`, `3 nodes`. */
export function countText(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}

/** Megabytes (10⁶ bytes) without a unit. */
export function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(bytes < 9_950_000 ? 1 : 0)
}

/** `1.6 kB`, `12 MB`, `3.4 GB`. */
export function sizeText(bytes: number): string {
  const [unit, count] =
    bytes < 1e6 ? ['kB', bytes / 1e3] : bytes < 1e9 ? ['MB', bytes / 1e6] : ['GB', bytes / 1e9]
  return `${count.toFixed(count < 9.95 ? 1 : 0)} ${unit}`
}
