import { createSocket } from 'node:dgram'

/** An address for documentation (RFC 5737): only the way to it is looked up, nothing is sent. */
const ELSEWHERE = '192.0.2.1'

/** This machine's IPv4 address on its way to other networks; `undefined` if there is no such way. */
export function ownAddress(): Promise<string | undefined> {
  const socket = createSocket('udp4')
  return new Promise<string | undefined>((resolve) => {
    socket.once('error', () => resolve(undefined))
    socket.connect(9, ELSEWHERE, () => resolve(socket.address().address))
  }).finally(() => socket.close())
}
