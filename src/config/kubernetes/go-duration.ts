const units = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 10n ** 9n,
  m: 60n * 10n ** 9n,
  h: 3600n * 10n ** 9n,
}
type Unit = keyof typeof units

/**
 * A duration such as `90s` the way Kubernetes writes it again: `1m30s`. Text that is not a duration stays as it is.
 */
export function normaliseDuration(text: string): string {
  const nanoseconds = parse(text)
  return nanoseconds === undefined ? text : format(nanoseconds)
}

/** Milliseconds of a duration as Go writes it, such as `1h30m`; `undefined` for any other text. */
export function durationMs(text: string): number | undefined {
  const nanoseconds = parse(text)
  return nanoseconds === undefined ? undefined : Number(nanoseconds) / Number(units.ms)
}

function parse(text: string): bigint | undefined {
  const match = /^([-+]?)((?:\d+(?:\.\d*)?(?:ns|us|µs|μs|ms|s|m|h))+|0)$/.exec(text)
  if (match === null) return undefined
  let total = 0n
  for (const [, whole = '', fraction = '', unit = ''] of (match[2] ?? '').matchAll(
    /(\d+)(?:\.(\d*))?([a-zµμ]+)/g,
  )) {
    const size = units[unit as Unit]
    total += BigInt(whole) * size
    if (fraction !== '') total += (BigInt(fraction) * size) / 10n ** BigInt(fraction.length)
  }
  return match[1] === '-' ? -total : total
}

function format(total: bigint): string {
  if (total === 0n) return '0s'
  const sign = total < 0n ? '-' : ''
  const size = total < 0n ? -total : total
  for (const unit of ['ns', 'µs', 'ms'] as const) {
    const larger = unit === 'ns' ? units.µs : unit === 'µs' ? units.ms : units.s
    if (size < larger) return `${sign}${decimal(size, units[unit])}${unit}`
  }
  const hours = size / units.h
  const minutes = (size % units.h) / units.m
  const seconds = `${decimal(size % units.m, units.s)}s`
  return `${sign}${hours > 0n ? `${hours}h` : ''}${hours > 0n || minutes > 0n ? `${minutes}m` : ''}${seconds}`
}

function decimal(size: bigint, unit: bigint): string {
  const rest = size % unit
  if (rest === 0n) return String(size / unit)
  const digits = String(rest)
    .padStart(String(unit).length - 1, '0')
    .replace(/0+$/, '')
  return `${size / unit}.${digits}`
}
