import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { gatheringSocket } from '../../../../src/node/ssh/connection/gather-writes.ts'

test('what is written at a time leaves in one piece', async () => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const accepted = once(server, 'connection')
  const socket = gatheringSocket({ host: '127.0.0.1', port: (server.address() as AddressInfo).port })
  await once(socket, 'connect')
  const [other] = await accepted
  socket.write('a')
  socket.write('b')
  expect(socket.writableLength).toBe(2)
  await Promise.resolve()
  socket.end()
  expect(await text(other)).toBe('ab')
  server.close()
})
