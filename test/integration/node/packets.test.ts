import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { openNode } from '../../../src/node/node-connection.ts'
import { sshTransports } from '../../../src/node/transport/ssh-transport.ts'
import { startSshd } from './sshd.ts'

const SIZE = 8 * 1024 * 1024

/** A server that answers all that it gets, once it has got it, with its digest. */
async function digester(): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const hash = createHash('sha256')
    let left = SIZE
    socket.on('data', (chunk: Buffer) => {
      hash.update(chunk)
      left -= chunk.length
      if (left === 0) socket.end(hash.digest('hex'))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

test.each([
  ['AES-GCM', 'Ciphers aes128-gcm@openssh.com'],
  ['AES-CTR with HMAC', 'Ciphers aes256-ctr'],
  ['ChaCha20-Poly1305', 'Ciphers chacha20-poly1305@openssh.com'],
])('%s: what is sent arrives whole, also where new keys are agreed on in between', async (_name, cipher) => {
  const sshd = await startSshd([cipher, 'RekeyLimit 1M none'])
  await using server = await digester()
  const transports = sshTransports({ readFile: (path) => readFile(path, 'utf8') })
  const node = await openNode(sshd.spec, transports, new AbortController().signal)
  try {
    const stream = await node.dial({ host: '127.0.0.1', port: server.port })
    const sent = randomBytes(SIZE)
    stream.write(sent)
    expect(await text(stream)).toBe(createHash('sha256').update(sent).digest('hex'))
    expect(sshd.log().match(/set_newkeys: rekeying|rekey (in|out) after/g)?.length).toBeGreaterThan(2)
  } finally {
    await node.close()
    await sshd.stop()
  }
})
