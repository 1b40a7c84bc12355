import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import { errorText, RkeError } from '../../../src/errors.ts'
import { openBucket } from '../../../src/s3/open-bucket.ts'
import { listing, startFakeBucket } from './fake-bucket.ts'

const { signal } = new AbortController()

/** An HTTP proxy that leads everything to one port of this machine; it answers `status` to whoever asks. */
async function startProxy(port: number, status = 200) {
  const asked: { readonly target: string; readonly login: string | undefined }[] = []
  const streams = new Set<Duplex>()
  const server: Server = createServer().on('connect', (request, socket) => {
    asked.push({ target: request.url ?? '', login: request.headers['proxy-authorization'] })
    if (status !== 200) return socket.end(`HTTP/1.1 ${status} No\r\n\r\n`)
    const onward = connect(port, '127.0.0.1')
    streams.add(onward).add(socket)
    onward.on('error', () => socket.destroy())
    socket.on('error', () => onward.destroy())
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    onward.pipe(socket).pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxyPort = (server.address() as AddressInfo).port
  return {
    port: proxyPort,
    asked,
    [Symbol.asyncDispose]: async () => {
      for (const stream of streams) stream.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

test("a bucket is reached through the node's proxy, and its certificate is verified all the same", async () => {
  const { access, dialer, place, server } = await startFakeBucket((_, reply) => listing(reply))
  await using _server = server
  await using proxy = await startProxy(server.port)
  const environment = [`HTTPS_PROXY=http://name:pass%40word@127.0.0.1:${proxy.port}`]
  const bucket = await openBucket({ ...place, endpoint: 's3.example.net:9000', environment }, access, signal)
  await bucket.close()
  expect(dialer.dialled).toEqual([`127.0.0.1:${proxy.port}`])
  expect(proxy.asked).toEqual([
    { target: 's3.example.net:9000', login: `Basic ${Buffer.from('name:pass@word').toString('base64')}` },
  ])
})

test.each([
  [407, 'write its login in HTTPS_PROXY'],
  [403, 'allow it there, or except the host in NO_PROXY'],
])('a proxy that answers %d is named, without its login', async (status, hint) => {
  const { access, place, server } = await startFakeBucket((_, reply) => listing(reply))
  await using _server = server
  await using proxy = await startProxy(server.port, status)
  const environment = [`HTTPS_PROXY=http://anna:annas-login@127.0.0.1:${proxy.port}`]
  const opening = openBucket({ ...place, endpoint: 's3.example.net', environment }, access, signal)
  const error = await opening.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof RkeError)) throw error
  expect(error).toMatchObject({ kind: 'unreachable', hint: expect.stringContaining(hint) })
  expect(errorText(error)).toContain(
    `the proxy 127.0.0.1:${proxy.port} gives no connection to s3.example.net:443`,
  )
  expect(errorText(error)).not.toContain('annas-login')
})

test.each(['HTTPS_PROXY=http://127.0.0.1:1', 'HTTPS_PROXY=socks5://127.0.0.1:1'])(
  '%s: a proxy that cannot be used is said to be the reason',
  async (variable) => {
    const { access, place, server } = await startFakeBucket((_, reply) => listing(reply))
    await using _server = server
    const opening = openBucket(
      { ...place, endpoint: 's3.example.net', environment: [variable] },
      access,
      signal,
    )
    await expect(opening).rejects.toMatchObject({
      kind: 'unreachable',
      why: expect.stringContaining('proxy'),
      hint: expect.stringContaining('HTTPS_PROXY'),
    })
  },
)
