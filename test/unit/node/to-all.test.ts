import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { DockerError } from '../../../src/errors.ts'
import { toAll } from '../../../src/node/transport/to-all.ts'

/** More than streams keep by themselves. */
const PIECES = Array.from({ length: 64 }, (_, index) => Buffer.alloc(64 * 1024, index))

test('several get the same bytes, and what is read ahead is little', async () => {
  let read = 0
  async function* source(): AsyncGenerator<Buffer> {
    for (const piece of PIECES) {
      read += 1
      yield piece
    }
  }
  const got: Buffer[] = []
  let readAhead = 0
  const quick = async (stream: Readable): Promise<void> => {
    got.push(await buffer(stream))
  }
  const slow = async (stream: Readable): Promise<void> => {
    for (let turn = 0; turn < 1000; turn++) await Promise.resolve()
    readAhead = read
    got.push(await buffer(stream))
  }
  await toAll(Readable.from(source(), { objectMode: false }), [quick, slow])
  expect(got.map((bytes) => bytes.equals(Buffer.concat(PIECES)))).toEqual([true, true])
  expect(readAhead).toBeLessThan(8)
})

test('the first failure ends all, and is thrown when nobody is at work any more', async () => {
  let atWork = 0
  const taking = async (stream: Readable): Promise<void> => {
    atWork += 1
    await buffer(stream).finally(() => {
      atWork -= 1
    })
  }
  const failing = async (): Promise<void> => {
    throw new DockerError('the disk is full', { host: '10.0.0.2' })
  }
  const work = toAll(Readable.from(PIECES, { objectMode: false }), [taking, failing])
  await expect(work).rejects.toMatchObject({ what: 'the disk is full', host: '10.0.0.2' })
  expect(atWork).toBe(0)
})

test('a source that breaks is no end of the data', async () => {
  async function* broken(): AsyncGenerator<Buffer> {
    yield Buffer.alloc(1)
    throw new DockerError('the connection broke')
  }
  const ended: string[] = []
  const taking = async (stream: Readable): Promise<void> => {
    await buffer(stream)
    ended.push('whole')
  }
  const work = toAll(Readable.from(broken(), { objectMode: false }), [taking, taking])
  await expect(work).rejects.toMatchObject({ what: 'the connection broke' })
  expect(ended).toEqual([])
})
