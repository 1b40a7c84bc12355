import type { S3ErrorDetails, S3Failure } from '../errors.ts'

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

/** What a failure is. */
export interface Verdict extends Pick<S3ErrorDetails, 'hint' | 'why' | 'cause' | 'region'> {
  readonly kind: S3Failure
  readonly what: string
}
