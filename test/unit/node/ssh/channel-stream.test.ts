import { Duplex } from 'node:stream'
import type { ClientChannel } from 'ssh2'
import { expect, test } from 'vitest'
import { ChannelStream } from '../../../../src/node/ssh/connection/channel-stream.ts'

test('what is written at a time is one packet of the channel', async () => {
  const packets: string[] = []
  const channel = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _, done) => {
      packets.push(chunk.toString())
      done()
    },
  })
  const stream = new ChannelStream(channel as ClientChannel)
  stream.cork()
  for (const part of ['3', '\r\n', 'abc', '\r\n']) stream.write(part)
  stream.uncork()
  await new Promise((resolve) => stream.end(resolve))
  expect(packets).toEqual(['3\r\nabc\r\n'])
})
