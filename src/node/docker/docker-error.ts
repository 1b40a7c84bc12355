import { CancelledError, ConnectionError, DockerError, RkeError } from '../../errors.ts'

/** HTTP status of Docker's answer, if it was one. */
export function statusOf(error: unknown): number | undefined {
  const status: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'statusCode') : undefined
  return typeof status === 'number' ? status : undefined
}

export function isNotFound(error: unknown): boolean {
  return statusOf(error) === 404
}

/** Docker refuses to remove a container twice at the same time. */
export function isBeingRemoved(error: unknown): boolean {
  return statusOf(error) === 409 && /already in progress/.test(dockerMessage(error))
}

/** Docker's own message, without what the client library puts around it. */
export function dockerMessage(error: unknown): string {
  const body: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'json') : undefined
  const message: unknown =
    typeof body === 'object' && body !== null ? Reflect.get(body, 'message') : undefined
  if (typeof message === 'string' && message !== '') return message.trim()
  const text = error instanceof Error ? error.message : String(error)
  return text.replace(/^\(HTTP code \d+\) [^-]* - /, '').trim()
}

/** A failed Docker request as an error of ours; errors of ours stay what they are. */
export function dockerError(error: unknown, host: string, step: string): RkeError {
  if (error instanceof RkeError) return error
  if (isReset(error)) return lost(error, host, step)
  const message = dockerMessage(error)
  const hint = HINTS.find(({ text }) => text.test(message))?.hint
  const details = { host, step, why: message, cause: error, ...(hint === undefined ? {} : { hint }) }
  return new DockerError('Docker failed', details)
}

function isReset(error: unknown): boolean {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE'
}

function lost(cause: unknown, host: string, step: string): ConnectionError {
  const message = 'the connection to Docker was lost'
  const hint = 'check whether Docker was restarted on the node; run the command again'
  return new ConnectionError('closed', message, { host, step, hint, cause, why: '' })
}

/** A request to a node that is not used any more. */
export function closedBefore(host: string, step: string): ConnectionError {
  const message = 'the connection to Docker was closed by this program'
  return new ConnectionError('closed', message, { host, step })
}

/** Nothing came from Docker for `limit` milliseconds. */
export function silent(host: string, step: string, limit: number): DockerError {
  const message = `nothing came from Docker within ${limit / 1000} s`
  const hint = 'check the Docker daemon on the node: journalctl -u docker'
  return new DockerError(message, { host, step, hint })
}

export function cancelled(host: string, step: string): CancelledError {
  return new CancelledError('it was cancelled', { host, step })
}

const HINTS: readonly { readonly text: RegExp; readonly hint: string }[] = [
  {
    text: /address already in use|port is already allocated/i,
    hint: 'another program on the node uses this port; stop it',
  },
  {
    text: /no space left on device/i,
    hint: "the disk of the node is full; free some space below Docker's folder",
  },
  { text: /no such image/i, hint: 'the image was removed meanwhile; run the command again' },
  {
    text: /is already in use by container/i,
    hint: 'a container of this name is there already; run the command again',
  },
  {
    text: /read-only file system/i,
    hint: 'a path on the node cannot be written; set prefix_path to one that can',
  },
]
