import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** An address range, checked. */
export interface Cidr {
  readonly family: 'ipv4' | 'ipv6'
  contains(address: string): boolean
}

/** `10.43.0.0/16` or `fd00::/112`; `undefined` for anything else, blanks included. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(text)
  const address = match?.[1] ?? ''
  const bits = Number(match?.[2])
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined
  if (family === undefined || bits > (family === 'ipv4' ? 32 : 128)) return undefined
  let range: BlockList | undefined
  return {
    family,
    contains: (other) => {
      // Most are asked only for their family.
      range ??= subnet(address, bits, family)
      const otherFamily = isIPv4(other) ? 'ipv4' : isIPv6(other) ? 'ipv6' : undefined
      return otherFamily !== undefined && range.check(other, otherFamily)
    },
  }
}

function subnet(address: string, bits: number, family: Cidr['family']): BlockList {
  const range = new BlockList()
  range.addSubnet(address, bits, family)
  return range
}

/** The parts of `10.43.0.0/16,fd00::/112`. */
export const cidrParts = (text: string): readonly string[] => text.split(',')
