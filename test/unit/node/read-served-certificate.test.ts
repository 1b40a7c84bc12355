import { type AddressInfo, connect } from 'node:net'
import { createServer, type TlsOptions } from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import { readServedCertificate } from '../../../src/node/transport/read-served-certificate.ts'
import { TestAuthority } from '../fakes/test-tls.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const dialer = {
  dial: async (to: object) => connect('port' in to ? Number(to.port) : 0, '127.0.0.1'),
}

async function listening(options: TlsOptions): Promise<number> {
  const server = createServer(options, (socket) => socket.on('error', () => {}))
  server.on('tlsClientError', () => {})
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  closing.push(() => server.close())
  return (server.address() as AddressInfo).port
}

const host = '127.0.0.1'

test('a server shows its certificate also to a client that it does not let in', async () => {
  const authority = await TestAuthority.create()
  const { cert, key } = await authority.server([], [host])
  const port = await listening({
    cert,
    key: key.reveal(),
    ca: authority.ca,
    requestCert: true,
    rejectUnauthorized: true,
  })
  expect((await readServedCertificate(dialer, { host, port })).trim()).toBe(cert.trim())
})

test('nothing of it is verified: not its authority, nor its names', async () => {
  const { cert, key } = await (await TestAuthority.create()).server(['elsewhere.example.org'], [])
  const port = await listening({ cert, key: key.reveal() })
  expect((await readServedCertificate(dialer, { host, port })).trim()).toBe(cert.trim())
})

test('what does not answer within its time is a failure that names the port', async () => {
  const { createServer: createPlain } = await import('node:net')
  const silent = createPlain(() => {})
  const { promise, resolve } = Promise.withResolvers<void>()
  silent.listen(0, host, resolve)
  await promise
  closing.push(() => silent.close())
  const { port } = silent.address() as AddressInfo
  await expect(readServedCertificate(dialer, { host, port, timeoutMs: 50 })).rejects.toMatchObject({
    kind: 'timed-out',
    what: expect.stringContaining(`${host}:${port}`),
  })
})
