import { type ErrorDetails, RkeError } from '../errors.ts'

/** Why a bucket cannot be used: one kind for each cause that is fixed in a different way. */
export type S3Failure =
  /** The endpoint is not `host[:port]`. */
  | 'endpoint'
  /** No connection to the endpoint, or to the proxy before it, from the machine that was asked for it. */
  | 'unreachable'
  /** The endpoint's certificate is not trusted, or is for another name. */
  | 'certificate'
  /** Something else than S3 answers. */
  | 'not-s3'
  /** The access key is unknown. */
  | 'access-key'
  /** The secret key does not belong to the access key. */
  | 'secret-key'
  /** There are no keys, and the machine has no role. */
  | 'no-role'
  | 'no-bucket'
  | 'no-object'
  /** The keys are good, but may not do this. */
  | 'forbidden'
  | 'region'
  /** The clock of this machine, by which requests are signed, differs too much from the server's. */
  | 'clock'
  /** Nothing has come for too long. */
  | 'timed-out'
  /** The server was busy at every try. */
  | 'busy'
  /** The connection broke at every try. */
  | 'cut'
  | 'other'

export interface S3ErrorDetails extends ErrorDetails {
  /** The region that the bucket is in, where the answer says it. */
  readonly region?: string | undefined
}

/** A request to a bucket failed. `host` is the node that it was made through; without it, this machine. */
export class S3Error extends RkeError {
  readonly kind: S3Failure
  readonly region: string | undefined

  constructor(kind: S3Failure, message: string, details: S3ErrorDetails = {}) {
    super(message, details)
    this.kind = kind
    this.region = details.region
  }
}
