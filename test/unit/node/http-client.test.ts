import { createServer } from 'node:http'
import { expect, it } from 'vitest'
import { HttpClient } from '../../../src/node/transport/http-client.ts'
import { connectedStreams } from '../../sim/connected-streams.ts'

const LIMIT_MS = 500

it('a request that waits for a free connection does not lose its time meanwhile', async () => {
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>()
  const server = createServer(async ({ url }, reply) => {
    if (url === '/slow') await answered
    reply.end('ok')
  })
  const open = async () => {
    const [near, far] = connectedStreams()
    server.emit('connection', far)
    return near
  }
  const client = new HttpClient('test', open, { connections: 1 })
  const slow = client.request({ method: 'GET', path: '/slow' })
  const waiting = client.request({ method: 'GET', path: '/', timeoutMs: LIMIT_MS })
  // As long as its whole limit, before it is its turn.
  AbortSignal.timeout(LIMIT_MS).addEventListener('abort', () => answer())
  expect((await slow).body).toBe('ok')
  expect((await waiting).body).toBe('ok')
  client.close()
})
