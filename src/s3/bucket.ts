import type { Link } from '../node/transport/link.ts'
import type { Secret } from '../secret.ts'
import type { Time } from '../time.ts'

/** An S3 bucket that snapshots are kept in, as `s3backupconfig` of cluster.yml describes it, secrets filled in. */
export interface BucketPlace {
  /** `host` or `host:port`, without a scheme: always HTTPS. '' is Amazon's own. */
  readonly endpoint: string
  readonly bucket: string
  /** Looked up if it is not given. */
  readonly region?: string | undefined
  /** Objects are `<folder>/<file>`. */
  readonly folder?: string | undefined
  /** PEM of the certificate authorities to trust instead of the usual ones. */
  readonly customCa?: string | undefined
  /** Without keys those of the role are used that the machine has by which the bucket is reached. */
  readonly keys?: Secret<S3Keys> | undefined
  /**
   * Variables `KEY=value` as the helper containers get them (`services.etcd.extra_env`): of a proxy (`HTTPS_PROXY`, `NO_PROXY`),
   * and of a role (`AWS_…`).
   */
  readonly environment: readonly string[]
}

export interface S3Keys {
  readonly accessKey: string
  readonly secretKey: string
}

/** How a bucket is reached. */
export interface BucketAccess {
  /** The machine that connections are made from: a node, or this machine without it. */
  readonly through?: (Pick<Link, 'dial'> & { readonly address: string }) | undefined
  /** The text of a file there: of the token that a role is taken on with. */
  readonly readFile?: ((path: string, signal: AbortSignal) => Promise<string>) | undefined
  readonly time?: Time | undefined
  /** The moment, for comparing it with the server's clock; the machine's clock by default. */
  readonly clock?: (() => Date) | undefined
  /** What is waited for: a bucket that asks for a pause, a transfer that is tried again. */
  readonly onProgress?: ((text: string) => void) | undefined
}

/** Opens a bucket, or fails with an `S3Error` or a `CancelledError`. */
export type OpenBucket = (place: BucketPlace, access: BucketAccess, signal: AbortSignal) => Promise<Bucket>

/** An object of a bucket. `file` is its key without the folder: `before-upgrade.zip`. */
export interface S3Object {
  readonly file: string
  readonly bytes: number
  readonly modified: Date
}

export interface ByteRange {
  readonly offset: number
  readonly length: number
}

/**
 * A bucket that is there and that the keys may be used on. Requests that a fault of the connection or a busy server ended are tried
 * again; whatever fails then is an `S3Error`, with its kind. A stopped request is a `CancelledError`.
 */
export interface Bucket {
  /** `bucket backups of s3.example.net through 10.0.0.1`, for people. */
  readonly where: string
  /** The key of an object: its name, below the folder. */
  keyOf(file: string): string
  /** What is directly in the folder, without folders in it, in the order of names. */
  list(signal: AbortSignal): Promise<readonly S3Object[]>
  /** The object of exactly that name, or `undefined`. */
  stat(file: string, signal: AbortSignal): Promise<S3Object | undefined>
  /**
   * Bytes of an object of exactly that name, from an offset inside of it, at most as many as there are. Missing: `S3Error` of kind
   * `no-object`.
   */
  read(file: string, range: ByteRange, signal: AbortSignal): Promise<Buffer>
  /** Removes the object of exactly that name; one that is not there is no failure. */
  remove(file: string, signal: AbortSignal): Promise<void>
  /** Ends all requests. */
  close(): Promise<void>
}
