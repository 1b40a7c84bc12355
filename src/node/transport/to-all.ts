import { PassThrough, type Readable } from 'node:stream'
import { type RkeError, toRkeError } from '../../errors.ts'

/**
 * Hands the same bytes to several at once, no faster than the slowest of them takes them. The first failure, of the source or of
 * one of them, ends all; nobody is at work any more when it is thrown.
 */
export async function toAll(
  source: Readable,
  takers: readonly ((stream: Readable) => Promise<void>)[],
): Promise<void> {
  const streams = takers.map(() => new PassThrough())
  let failure: RkeError | undefined
  const fail = (thrown: unknown): void => {
    failure ??= toRkeError(thrown)
    for (const stream of [source, ...streams]) stream.destroy(failure)
  }
  for (const stream of [source, ...streams]) stream.on('error', fail)
  for (const stream of streams) source.pipe(stream)
  await Promise.all(takers.map((take, index) => take(streams[index] ?? source).catch(fail)))
  source.destroy()
  if (failure !== undefined) throw failure
}
