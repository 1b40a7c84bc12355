import { type Answer, fieldOf, isForeign } from './answer.ts'
import type { Asked, Verdict } from './asked.ts'

const BUSY_CODES: ReadonlySet<string> = new Set([
  ...['SlowDown', 'SlowDownRead', 'SlowDownWrite', 'ServiceUnavailable', 'InternalError', 'RequestTimeout'],
  ...['TooManyRequests', 'XMinioServerNotInitialized', 'ServerNotInitialized'],
])
const BUSY_STATUSES: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504])
const REGION_CODES: ReadonlySet<string> = new Set([
  ...['AuthorizationHeaderMalformed', 'PermanentRedirect', 'TemporaryRedirect', 'InvalidRegion'],
  ...['IllegalLocationConstraintException'],
])

/** What an answer means that is no success. */
export function answerFailure(answer: Answer, asked: Asked): Verdict {
  const { bucket, endpoint, region } = asked
  const { code, status } = answer
  const keys = 'access_key and secret_key of s3backupconfig (--access-key and --secret-key)'
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
      hint: 'correct bucket_name of s3backupconfig (--bucket-name), or create the bucket',
    }
  if (asked.object !== undefined && status === 404)
    return { kind: 'no-object', what: `there is no ${asked.object} in bucket ${bucket}` }
  if (REGION_CODES.has(code) || status === 301)
    return {
      kind: 'region',
      region: right,
      what: `the bucket ${bucket} is not in the region ${region}`,
      hint: right
        ? `write region: ${right} in s3backupconfig (--region)`
        : 'correct region in s3backupconfig: it is that of the bucket',
    }
  if (BUSY_CODES.has(code) || BUSY_STATUSES.has(status))
    return { kind: 'busy', what: `${endpoint} is busy`, hint: 'run the command again later' }
  if (
    code === 'AccessDenied' ||
    code === 'AllAccessDisabled' ||
    (status === 403 && (asked.object !== undefined || !isForeign(answer)))
  )
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
