/** An IPv6 address may be written in brackets in cluster.yml; RKE needed them. */
export function withoutBrackets(address: string): string {
  return address.replace(/^\[(.*)\]$/, '$1')
}
