import { createSocket } from 'node:dgram'

/** A documentation address (RFC 5737): only the route is looked up, nothing is sent. */
const ELSEWHERE = '192.0.2.1'

/** This machine's IPv4 address on its default route; `undefined` without one. */
export function ownAddress(): Promise<string | undefined> {
  const socket = createSocket('udp4')
  return new Promise<string | undefined>((resolve) => {
    socket.once('error', () => resolve(undefined))
    socket.connect(9, ELSEWHERE, () => resolve(socket.address().address))
  }).finally(() => socket.close())
}
