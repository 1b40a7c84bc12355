import { type ErrorDetails, type RkeError, S3Error } from '../errors.ts'
import { type Answer, answerIn } from './answer.ts'
import { answerFailure } from './answer-failure.ts'
import type { Asked } from './asked.ts'
import { certificateFailure, connectionFailure } from './connection-failure.ts'

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

const partsOf = ({ why, hint, cause }: RkeError): ErrorDetails => ({
  ...(why !== undefined && { why }),
  ...(hint !== undefined && { hint }),
  ...(cause !== undefined && { cause }),
})
