import type { ObservedNode } from '../../observe/observed-node.ts'

/** Clocks that differ by less are not spoken of, and no certificate goes by them. */
export const CLOCK_LIMIT_MS = 60_000

/** Machines whose clocks differ from that of this machine, by which certificates are issued. */
export function clockWarnings(
  machines: Iterable<Pick<ObservedNode, 'address' | 'clockAheadMs'>>,
): readonly string[] {
  return [...machines].flatMap(({ address, clockAheadMs = 0 }) => {
    const by = Math.abs(clockAheadMs)
    if (by <= CLOCK_LIMIT_MS) return []
    const [where, then] =
      clockAheadMs < 0
        ? ['behind', 'a certificate that is issued now may not be valid there yet']
        : ['ahead of', 'certificates end that much sooner there']
    return [
      `the clock of host [${address}] is ${roughly(by)} ${where} that of this machine: ${then}; set both by NTP`,
    ]
  })
}

/** Rounded: `90 seconds`, `40 minutes`, `26 hours`, `3 days`. */
function roughly(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  if (seconds < 120) return `${seconds} seconds`
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return `${minutes} minutes`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`
}
