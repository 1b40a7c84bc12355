import { BlockList, isIP } from 'node:net'

export interface HostPort {
  readonly host: string
  readonly port: number
}

/**
 * The proxy for HTTPS to a host, by variables `KEY=value` as Go's programs read them, RKE's helper among them: `HTTPS_PROXY`, and
 * `NO_PROXY` with names, `.domains`, addresses, networks and ports. This machine itself is never asked for through a proxy.
 */
export function proxyFor(environment: readonly string[], to: HostPort): URL | undefined {
  const proxy = variable(environment, 'HTTPS_PROXY')
  if (proxy === '' || isOwn(to.host) || isExcepted(variable(environment, 'NO_PROXY'), to)) return undefined
  const text = proxy.includes('://') ? proxy : `http://${proxy}`
  return URL.canParse(text) ? new URL(text) : undefined
}

/** The last value counts, and upper case before lower case. */
export function variable(environment: readonly string[], name: string): string {
  const lastOf = (key: string): string | undefined =>
    environment.findLast((entry) => entry.startsWith(`${key}=`))?.slice(key.length + 1)
  return lastOf(name) || lastOf(name.toLowerCase()) || ''
}

const isOwn = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.')

function isExcepted(list: string, to: HostPort): boolean {
  return list
    .toLowerCase()
    .split(',')
    .map((entry) => entry.trim())
    .some((entry) => entry === '*' || (entry !== '' && covers(entry, to)))
}

function covers(entry: string, { host, port }: HostPort): boolean {
  const [, name = entry, only] = /^(.+?)(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? []
  if (only !== undefined && Number(only) !== port) return false
  const plain = name.replace(/^\[(.*)\]$/, '$1')
  const family = isIP(host)
  if (family !== 0) return plain === host || isInNetwork(plain, host, family === 4 ? 'ipv4' : 'ipv6')
  return plain === host || host.endsWith(plain.startsWith('.') ? plain : `.${plain}`)
}

function isInNetwork(network: string, address: string, family: 'ipv4' | 'ipv6'): boolean {
  const [base = '', bits = ''] = network.split('/')
  if (!/^\d+$/.test(bits) || isIP(base) !== (family === 'ipv4' ? 4 : 6)) return false
  if (Number(bits) > (family === 'ipv4' ? 32 : 128)) return false
  const block = new BlockList()
  block.addSubnet(base, Number(bits), family)
  return block.check(address, family)
}
