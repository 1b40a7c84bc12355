import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { inPieces } from '../transport/in-pieces.ts'
import type { ContainerLogs } from './docker-api.ts'
import type { Client } from './load-dockerode.ts'

/** Bytes of a log that are taken apart at a time: dockerode calls itself for each frame in them, and copies the rest. */
const LOG_PIECE = 1024

/** Hands on each JSON value of a stream that has one per line, as those that report progress do. */
export async function readProgress(
  { modem }: Client,
  stream: AsyncIterable<Buffer>,
  onMessage: (message: unknown) => void,
): Promise<void> {
  async function* lines(): AsyncGenerator<string> {
    const decoder = new TextDecoder()
    for await (const piece of stream) yield decoder.decode(piece, { stream: true })
    // A last line without an end counts, too.
    yield '\n'
  }
  await feed(lines(), (source) => modem.followProgress(source, () => {}, onMessage))
}

/** The log of a container without a terminal; that of one with a terminal is all stdout. */
export async function readLog({ modem }: Client, stream: AsyncIterable<Buffer>): Promise<ContainerLogs> {
  async function* pieces(): AsyncGenerator<Buffer> {
    for await (const chunk of stream) yield* inPieces(chunk, LOG_PIECE)
  }
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  await feed(pieces(), (source) => modem.demuxStream(source, stdout, stderr))
  stdout.end()
  stderr.end()
  return { stdout: await text(stdout), stderr: await text(stderr) }
}

/**
 * Hands pieces to what listens to a stream. The listeners of dockerode throw where they cannot go on: among the events
 * of the stream itself that would end the process, here it is a rejection.
 */
async function feed(
  pieces: AsyncIterable<Buffer | string>,
  listen: (source: PassThrough) => void,
): Promise<void> {
  const source = new PassThrough()
  listen(source)
  for await (const piece of pieces) source.emit('data', piece)
  source.emit('end')
}
