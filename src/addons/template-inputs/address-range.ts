import { parseCidr } from '../../config/validation/networks/cidr.ts'

/** Addresses of a range: its first one with the mask, the one after it, and those that may be given away. */
export interface AddressRange {
  readonly network: string
  readonly gateway: string
  readonly start: string
  readonly end: string
}

/** Of `10.3.0.1/16`: network 10.3.0.0/16, gateway 10.3.0.1, from 10.3.0.2 to 10.3.255.254. */
export function addressRange(cidr: string): AddressRange | undefined {
  const family = parseCidr(cidr)?.family
  const [address = '', mask = ''] = cidr.split('/')
  if (family === undefined) return undefined
  const bits = family === 'ipv4' ? 32n : 128n
  const hostBits = bits - BigInt(mask)
  const number =
    family === 'ipv4' ? numberOf(address.split('.'), 8n, 10) : numberOf(hextets(address), 16n, 16)
  const first = (number >> hostBits) << hostBits
  const last = first + (1n << hostBits) - 1n
  const text = (value: bigint): string => (family === 'ipv4' ? ipv4(value) : ipv6(value))
  return {
    network: `${text(first)}/${mask}`,
    gateway: text(first + 1n),
    start: text(first + 2n),
    end: text(last - 1n),
  }
}

function numberOf(parts: readonly string[], bits: bigint, base: number): bigint {
  return parts.reduce((sum, part) => (sum << bits) | BigInt(Number.parseInt(part, base)), 0n)
}

/** The eight parts of an IPv6 address, in hexadecimal digits. */
function hextets(address: string): readonly string[] {
  const [head = [], tail] = canonical(address)
    .split('::')
    .map((half) => half.split(':').filter((part) => part !== ''))
  const missing = 8 - head.length - (tail?.length ?? 0)
  return tail === undefined ? head : [...head, ...Array.from({ length: missing }, () => '0'), ...tail]
}

const partsOf = (value: bigint, count: number, bits: bigint): readonly bigint[] =>
  Array.from(
    { length: count },
    (_, index) => (value >> (bits * BigInt(count - 1 - index))) & ((1n << bits) - 1n),
  )

const ipv4 = (value: bigint): string => partsOf(value, 4, 8n).join('.')

const ipv6 = (value: bigint): string =>
  canonical(
    partsOf(value, 8, 16n)
      .map((part) => part.toString(16))
      .join(':'),
  )

/** The usual form of an IPv6 address: the longest row of zeros left out. */
const canonical = (address: string): string => new URL(`http://[${address}]/`).hostname.slice(1, -1)
