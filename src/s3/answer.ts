import { RkeError } from '../errors.ts'
import { failureText } from '../failure-text.ts'

/** An answer of a server, as the AWS SDK throws it: the code of S3's own error is its name. It may repeat keys and signatures. */
export interface Answer {
  readonly status: number
  readonly code: string
  readonly text: string
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Members of S3's error besides. */
  readonly fields: object
}

/** The answer in what was thrown, if a server gave one. */
export function answerIn(thrown: unknown): Answer | undefined {
  if (!(thrown instanceof Error) || thrown instanceof RkeError) return undefined
  const metadata: unknown = Reflect.get(thrown, '$metadata')
  const status: unknown = objectOf(metadata).httpStatusCode
  if (typeof status !== 'number') return undefined
  const response: unknown = Reflect.get(thrown, '$response')
  return {
    status,
    code: thrown.name,
    text: thrown.name === 'Error' ? '' : failureText(thrown),
    headers: objectOf(objectOf(response).headers) as Answer['headers'],
    fields: thrown,
  }
}

/** A member of S3's error. */
export function fieldOf({ fields }: Answer, name: string): string | undefined {
  const value: unknown = Reflect.get(fields, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

/** Not in S3's own form: an error of S3 has a code. */
export const isForeign = ({ code, fields }: Answer): boolean => code === 'Error' || !('Code' in fields)
