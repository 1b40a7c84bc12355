import { type ErrorDetails, RkeError, S3Error, type S3ErrorDetails, type S3Failure } from '../errors.ts'
import { failureText } from '../failure-text.ts'
import { certificateFailure, connectionFailure } from './connection-failure.ts'

/** What was asked of a bucket, for an error. */
export interface Asked {
  /** `list bucket backups of s3.example.net`. */
  readonly step: string
  readonly bucket: string
  /** The key of the object that is asked for, if it is one. */
  readonly object?: string | undefined
  /** `s3.example.net:9000`. */
  readonly endpoint: string
  /** Address of the node that it was asked through; absent: from this machine. */
  readonly host: string | undefined
  /** Texts that are in no error. */
  readonly hidden: readonly string[]
  readonly hasOwnCa: boolean
  readonly region: string
  /** The moment of the request, by this machine's clock. */
  readonly sent: Date
}

/** An answer of a server, as the AWS SDK throws it: the code of S3's own error is its name. */
interface Answer {
  readonly status: number
  readonly code: string
  readonly text: string
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Members of S3's error besides. */
  readonly fields: object
}

/** Why a request to a bucket failed, and what to do. Of an answer nothing is kept but its text: it may repeat keys and signatures. */
export function s3Failure(thrown: unknown, asked: Asked): S3Error {
  const answer = answerIn(thrown)
  const details = { step: asked.step, ...(asked.host !== undefined && { host: asked.host }) }
  if (thrown instanceof S3Error)
    return new S3Error(thrown.kind, thrown.what, { ...partsOf(thrown), ...details })
  if (answer === undefined) {
    const { kind, what, ...more } = certificateFailure(thrown, asked) ?? connectionFailure(thrown, asked)
    return new S3Error(kind, what, { ...details, ...more })
  }
  const { kind, what, why = shown(answer, asked), ...more } = answerFailure(answer, asked)
  return new S3Error(kind, what, { ...details, why, ...more })
}

/** The text of an answer, without keys. */
function shown({ code, status, text }: Answer, { hidden }: Asked): string {
  const parts = [code, hidden.reduce((said, secret) => said.replaceAll(secret, '[secret]'), text)]
  const said = parts.filter((part) => !['', 'Unknown', 'UnknownError'].includes(part)).join(': ')
  return said === '' ? `it answers ${status}` : said
}

export interface Verdict extends Pick<S3ErrorDetails, 'hint' | 'why' | 'cause' | 'region'> {
  readonly kind: S3Failure
  readonly what: string
}

const BUSY_CODES: ReadonlySet<string> = new Set([
  ...['SlowDown', 'SlowDownRead', 'SlowDownWrite', 'ServiceUnavailable', 'InternalError', 'RequestTimeout'],
  ...['TooManyRequests', 'XMinioServerNotInitialized', 'ServerNotInitialized'],
])
const BUSY_STATUSES: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504])
const REGION_CODES: ReadonlySet<string> = new Set([
  ...['AuthorizationHeaderMalformed', 'PermanentRedirect', 'TemporaryRedirect', 'InvalidRegion'],
  ...['IllegalLocationConstraintException'],
])

function answerFailure(answer: Answer, asked: Asked): Verdict {
  const { bucket, endpoint, region } = asked
  const { code, status } = answer
  const keys = 'access_key and secret_key of s3backupconfig'
  const right = answer.headers['x-amz-bucket-region'] ?? fieldOf(answer, 'Region')
  if (code === 'RequestTimeTooSkewed') return clockFailure(answer, asked)
  if (code === 'InvalidAccessKeyId')
    return { kind: 'access-key', what: `${endpoint} does not know the access key`, hint: `correct ${keys}` }
  if (['ExpiredToken', 'InvalidToken', 'TokenRefreshRequired', 'InvalidClientTokenId'].includes(code))
    return {
      kind: 'access-key',
      what: `${endpoint} does not take the credentials any more`,
      hint: `get new ones, or write ${keys}`,
    }
  if (code === 'SignatureDoesNotMatch')
    return {
      kind: 'secret-key',
      what: 'the secret key does not belong to the access key',
      hint: `correct ${keys}`,
    }
  if (code === 'NoSuchBucket')
    return {
      kind: 'no-bucket',
      what: `there is no bucket ${bucket} at ${endpoint}`,
      hint: 'correct bucket_name of s3backupconfig, or create the bucket',
    }
  if (asked.object !== undefined && status === 404)
    return { kind: 'no-object', what: `there is no ${asked.object} in bucket ${bucket}` }
  if (REGION_CODES.has(code) || status === 301)
    return {
      kind: 'region',
      region: right,
      what: `the bucket ${bucket} is not in the region ${region}`,
      hint: right
        ? `write region: ${right} in s3backupconfig`
        : 'correct region in s3backupconfig: it is that of the bucket',
    }
  if (BUSY_CODES.has(code) || BUSY_STATUSES.has(status))
    return { kind: 'busy', what: `${endpoint} is busy`, hint: 'run the command again later' }
  if (code === 'AccessDenied' || code === 'AllAccessDisabled' || (status === 403 && !isForeign(answer)))
    return {
      kind: 'forbidden',
      what: `the keys may not do this in bucket ${bucket}`,
      hint: 'allow s3:ListBucket and s3:GetBucketLocation on the bucket, and s3:GetObject, s3:PutObject and s3:DeleteObject on what is in it',
    }
  if (isForeign(answer))
    return {
      kind: 'not-s3',
      what: `${endpoint} is not an S3 service`,
      why: `it answers ${status} in another form`,
      hint: 'correct endpoint in s3backupconfig: the host and port of the S3 API, not of its web console',
    }
  return { kind: 'other', what: `${endpoint} refuses the request` }
}

/** Not in S3's own form: an error of S3 has a code. */
const isForeign = ({ code, fields }: Answer): boolean => code === 'Error' || !('Code' in fields)

function clockFailure(answer: Answer, { endpoint, sent }: Asked): Verdict {
  const theirs = fieldOf(answer, 'ServerTime') ?? answer.headers.date ?? ''
  const moment = new Date(theirs)
  const server = Number.isNaN(moment.getTime()) ? theirs : moment.toISOString()
  return {
    kind: 'clock',
    what: `the clocks of this machine and of ${endpoint} differ too much`,
    why: `here it is ${sent.toISOString()}, there ${server}`,
    hint: 'set the clock that is wrong; requests are signed with the time of this machine',
  }
}

function answerIn(thrown: unknown): Answer | undefined {
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

function fieldOf({ fields }: Answer, name: string): string | undefined {
  const value: unknown = Reflect.get(fields, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

const partsOf = ({ why, hint, cause }: RkeError): ErrorDetails => ({
  ...(why !== undefined && { why }),
  ...(hint !== undefined && { hint }),
  ...(cause !== undefined && { cause }),
})
