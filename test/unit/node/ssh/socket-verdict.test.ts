import { expect, test } from 'vitest'
import { type SocketFacts, verdict } from '../../../../src/node/ssh/diagnosis/socket-verdict.ts'

const docker = { mode: 0o140660, uid: 0, gid: 998 }
const facts: SocketFacts = { socket: docker, userId: 1000, tcpForbidden: false, otherSocketOpens: true }

test.each<[string, Partial<SocketFacts>, ReturnType<typeof verdict>]>([
  ['no socket', { socket: 'missing' }, 'missing'],
  ['a folder that the user may not enter', { socket: 'denied' }, 'permission'],
  ['a socket for others, while forwarding works', {}, 'permission'],
  ['a socket for others, and nothing else to try', { otherSocketOpens: false }, 'permission-or-forbidden'],
  ['a socket that root may use, while forwarding works', { userId: 0 }, 'not-listening'],
  [
    'a socket that root may use, and nothing else to try',
    { userId: 0, otherSocketOpens: false },
    'not-listening-or-forbidden',
  ],
  ['a socket of the user', { socket: { ...docker, uid: 1000 } }, 'not-listening'],
  ['a socket for everybody', { socket: { ...docker, mode: 0o140666 } }, 'not-listening'],
  ['TCP forwarding forbidden as well', { tcpForbidden: true, otherSocketOpens: false }, 'forbidden'],
  ['no SFTP', { socket: undefined }, 'unknown'],
])('%s', (_, seen, expected) => {
  expect(verdict({ ...facts, ...seen })).toBe(expected)
})
