import { isIPv4, isIPv6 } from 'node:net'

/**
 * An address as the bytes a certificate holds: 4 for IPv4 (also for IPv4 written as `::ffff:…`), 16 for
 * IPv6. Undefined for text that is not an address; an address with a zone counts as none.
 */
export function ipBytes(text: string): Uint8Array | undefined {
  if (isIPv4(text)) return Uint8Array.from(text.split('.'), Number)
  if (!isIPv6(text) || text.includes('%')) return undefined
  const bytes = expand(text)
  const isMapped =
    bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff
  return isMapped ? bytes.subarray(12) : bytes
}

/** Bytes of an address as text, IPv6 in the short form of RFC 5952. */
export function ipText(bytes: Uint8Array): string {
  if (bytes.length !== 16) return [...bytes].join('.')
  const groups = Array.from({ length: 8 }, (_, i) => groupAt(bytes, i).toString(16))
  const zeros = longestZeroRun(groups)
  if (zeros === undefined) return groups.join(':')
  return `${groups.slice(0, zeros.start).join(':')}::${groups.slice(zeros.start + zeros.length).join(':')}`
}

/** The one spelling of an address; undefined for text that is not an address. */
export function canonicalIp(text: string): string | undefined {
  const bytes = ipBytes(text)
  return bytes === undefined ? undefined : ipText(bytes)
}

function expand(text: string): Uint8Array {
  const [head = '', tail] = text.split('::')
  const before = groupsOf(head)
  const after = tail === undefined ? [] : groupsOf(tail)
  const gap = Array.from({ length: 8 - before.length - after.length }, () => 0)
  return Uint8Array.from([...before, ...gap, ...after].flatMap((group) => [group >> 8, group & 0xff]))
}

function groupsOf(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return [Number.parseInt(part, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = part.split('.').map(Number)
    return [a * 256 + b, c * 256 + d]
  })
}

function groupAt(bytes: Uint8Array, index: number): number {
  return (bytes[index * 2] ?? 0) * 256 + (bytes[index * 2 + 1] ?? 0)
}

function longestZeroRun(groups: readonly string[]): { start: number; length: number } | undefined {
  let best: { start: number; length: number } | undefined
  for (let start = 0; start < groups.length; start++) {
    let length = 0
    while (groups[start + length] === '0') length++
    if (length > 1 && length > (best?.length ?? 0)) best = { start, length }
  }
  return best
}
