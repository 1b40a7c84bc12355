import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { createServer } from 'node:tls'
import { afterAll, expect, test } from 'vitest'
import { secureDial } from '../../../src/node/transport/secure-dial.ts'
import { openCompany } from '../pki/own-ca.ts'

const company = openCompany()
afterAll(company.close)

test('a server is believed whose intermediate authority is trusted without the root above it, as by Go', async () => {
  company.authority('Root')
  const ca = company.authority('Issuing', { by: 'Root' })
  const leaf = company.authority('server', {
    by: 'Issuing',
    extensions: ['subjectAltName=IP:127.0.0.1', 'extendedKeyUsage=serverAuth'],
  })
  const server = createServer({ cert: `${leaf}${ca}`, key: company.key('server') }, (socket) => socket.end())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const dialer = { dial: async () => connect(port, '127.0.0.1') }
  try {
    const trusting = (trusted: string) =>
      secureDial(dialer, { host: '127.0.0.1', port, ca: trusted, timeoutMs: 10_000 })
    const socket = await trusting(ca)
    expect(socket.authorized).toBe(true)
    socket.destroy()
    await expect(trusting(company.authority('Other'))).rejects.toThrow()
  } finally {
    server.close()
  }
})
