import { ConnectionError } from '../errors.ts'
import { failureText } from '../failure-text.ts'
import type { Asked, Verdict } from './asked.ts'

/** Codes of OpenSSL and Node for certificates that are not trusted, are out of date, or are for another name. */
const CERTIFICATE = /SELF_SIGNED|UNABLE_TO_|CERT_|ALTNAME|_CA$/

/** A certificate that is not good; `undefined` for any other failure. */
export function certificateFailure(thrown: unknown, { endpoint, hasOwnCa }: Asked): Verdict | undefined {
  const cause = causes(thrown).find((error) => CERTIFICATE.test(codeOf(error)))
  if (cause === undefined) return undefined
  const isOtherName = codeOf(cause).includes('ALTNAME')
  const authority = hasOwnCa
    ? 'custom_ca of s3backupconfig (--s3-endpoint-ca) must hold the certificate authority that issued it; no other one is trusted then'
    : 'if an authority of your own issued it, write that as custom_ca in s3backupconfig, or name its file with --s3-endpoint-ca'
  return {
    kind: 'certificate',
    what: `the certificate of ${endpoint} is not accepted`,
    // Node adds advice about its own flags.
    why: failureText(cause).replace(/; .*$/, ''),
    cause: thrown,
    hint: isOtherName
      ? 'write the name that the certificate is for as endpoint in s3backupconfig'
      : authority,
  }
}

/** A connection that was not made, or that broke. */
export function connectionFailure(thrown: unknown, { endpoint, host }: Asked): Verdict {
  const chain = causes(thrown)
  const failed = chain.find((error) => error instanceof ConnectionError)
  const why = failureText(chain.at(-1))
  if (chain.some((error) => codeOf(error) === 'EPROTO' || codeOf(error).startsWith('ERR_SSL')))
    return {
      kind: 'not-s3',
      what: `${endpoint} does not speak HTTPS`,
      why,
      cause: thrown,
      hint: 'correct endpoint in s3backupconfig: S3 is reached by HTTPS only',
    }
  if (failed?.kind === 'closed' || (failed === undefined && isBroken(chain)))
    return {
      kind: 'cut',
      what: `the connection to ${endpoint} broke`,
      why,
      cause: thrown,
      hint: 'run the command again',
    }
  const from = host === undefined ? 'this machine' : 'the node'
  const other =
    host === undefined ? 'through a node with --s3-via node' : 'from this machine with --s3-via local'
  return {
    kind: 'unreachable',
    what: `${endpoint} cannot be reached from ${from}`,
    why: failed === undefined ? why : failed.message,
    cause: thrown,
    hint:
      failed?.kind === 'other' && failed.hint
        ? failed.hint
        : `check endpoint in s3backupconfig, or reach it ${other}`,
  }
}

const BROKEN: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ECONNABORTED',
])

const isBroken = (chain: readonly Error[]): boolean =>
  chain.some((error) => BROKEN.has(codeOf(error)) || /aborted|socket hang up|terminated/.test(error.message))

/** An error and what caused it. */
function causes(thrown: unknown): readonly Error[] {
  const chain: Error[] = []
  for (let error = thrown; error instanceof Error && chain.length < 10; error = error.cause) chain.push(error)
  return chain.length === 0 ? [new Error(String(thrown))] : chain
}

function codeOf(error: Error): string {
  const code: unknown = Reflect.get(error, 'code')
  return typeof code === 'string' ? code : ''
}
