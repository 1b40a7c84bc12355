import { duplexPair } from 'node:stream'
import { expect, test } from 'vitest'
import { asSocket } from '../../../src/node/transport/as-socket.ts'

test('a stream that fails while no request has it does not end the process', async () => {
  const [near] = duplexPair()
  const socket = asSocket(near)
  const closed = Promise.withResolvers<void>()
  socket.once('close', closed.resolve)
  socket.destroy(new Error('the connection was lost'))
  await closed.promise
  expect(socket.errored?.message).toBe('the connection was lost')
})

test('a stream that has failed already is refused with its failure, instead of keeping a request waiting', () => {
  const [near] = duplexPair()
  near.on('error', () => {})
  near.destroy(new Error('the connection was lost'))
  expect(() => asSocket(near)).toThrow('the connection was lost')
})

test('a stream that ended is refused', () => {
  const [near] = duplexPair()
  near.destroy()
  expect(() => asSocket(near)).toThrow('the connection ended before it was used')
})
