import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { PathStat } from './docker-api.ts'
import { isNotFound } from './docker-error.ts'
import type { ContainerSummary } from './docker-types.ts'

export interface RawSummary {
  readonly Id: string
  readonly Names: readonly string[]
  readonly State: string
  readonly Image: string
  readonly Labels: Readonly<Record<string, string>> | null
  readonly Created: number
}

/** `undefined` in place of Docker's "not found". */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  return await answer.catch((error: unknown) => {
    if (isNotFound(causeOf(error))) return undefined
    throw error
  })
}

export function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined
}

/** A line of Docker's list in the form that is used here. */
export function containerSummary(raw: RawSummary): ContainerSummary {
  return {
    id: raw.Id,
    names: raw.Names.map((name) => name.replace(/^\//, '')),
    state: raw.State,
    image: raw.Image,
    labels: raw.Labels ?? {},
    created: raw.Created,
  }
}

/** Headers of an answer that has nothing else. */
export function headersOf(answer: IncomingMessage): IncomingHttpHeaders {
  answer.resume()
  return answer.headers
}

/** The file or folder that the headers of an answer describe: base64 of JSON, whose mode is Go's. */
export function statIn(headers: IncomingHttpHeaders): PathStat {
  const header = headers['x-docker-container-path-stat']
  const stat: { readonly mode: number; readonly mtime: string } = JSON.parse(
    Buffer.from(String(header), 'base64').toString('utf8'),
  )
  return { mode: stat.mode & 0o777, modified: new Date(stat.mtime) }
}
