import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3'
import { S3Error } from '../errors.ts'
import type { Bucket, BucketPlace, ByteRange, S3Object } from './bucket.ts'
import type { Connections } from './connections.ts'
import type { Question, Requests, Send } from './requests.ts'

export type Sdk = typeof import('@aws-sdk/client-s3')

/** A bucket, by the AWS SDK. */
export class S3Bucket implements Bucket {
  readonly where: string
  readonly #requests: Requests
  readonly #sdk: Sdk
  readonly #bucket: string
  /** What the key of each object begins with. */
  readonly #prefix: string
  readonly #connections: Connections

  constructor(requests: Requests, sdk: Sdk, place: BucketPlace, connections: Connections) {
    this.where = requests.what
    this.#requests = requests
    this.#sdk = sdk
    this.#bucket = place.bucket
    this.#prefix = place.folder ? `${place.folder}/` : ''
    this.#connections = connections
  }

  keyOf(file: string): string {
    return `${this.#prefix}${file}`
  }

  /** Lists a single object: the answer says what is wrong, which that to a `HEAD` does not. */
  async check(signal: AbortSignal): Promise<void> {
    await this.#requests.send({ step: `open ${this.where}` }, signal, this.#page({ MaxKeys: 1 }))
  }

  async list(signal: AbortSignal): Promise<readonly S3Object[]> {
    const found: S3Object[] = []
    let next: string | undefined
    do {
      const page = this.#page(next === undefined ? {} : { ContinuationToken: next })
      const {
        Contents = [],
        IsTruncated,
        NextContinuationToken,
      } = await this.#requests.send({ step: `list ${this.where}` }, signal, page)
      for (const { Key = '', LastModified, Size = 0 } of Contents) {
        const file = Key.slice(this.#prefix.length)
        if (file !== '') found.push({ file, bytes: Size, modified: LastModified ?? new Date(0) })
      }
      next = IsTruncated ? NextContinuationToken : undefined
    } while (next !== undefined)
    return found
  }

  async stat(file: string, signal: AbortSignal): Promise<S3Object | undefined> {
    const asked = this.#about(`look for ${file} in`, file)
    try {
      const object = await this.#requests.send<HeadObjectCommandOutput>(asked, signal, (client, options) =>
        client.send(new this.#sdk.HeadObjectCommand(this.#key(file)), options),
      )
      return { file, bytes: object.ContentLength ?? 0, modified: object.LastModified ?? new Date(0) }
    } catch (error) {
      if (!(error instanceof S3Error)) throw error
      if (error.kind === 'no-object') return undefined
      // An answer to HEAD has no text; that to another request says why.
      await this.check(signal)
      throw error
    }
  }

  async read(file: string, { length, offset }: ByteRange, signal: AbortSignal): Promise<Buffer> {
    if (length === 0) return Buffer.alloc(0)
    const Range = `bytes=${offset}-${offset + length - 1}`
    const bytes = await this.#requests.send(
      this.#about(`read ${file} of`, file),
      signal,
      async (client, options) => {
        const { Body, ContentRange } = await client.send(
          new this.#sdk.GetObjectCommand({ ...this.#key(file), Range }),
          options,
        )
        if (ContentRange === undefined) throw notS3('it gives whole objects only')
        return (await Body?.transformToByteArray()) ?? new Uint8Array()
      },
    )
    return Buffer.from(bytes)
  }

  async remove(file: string, signal: AbortSignal): Promise<void> {
    await this.#requests.send(this.#about(`remove ${file} from`, file), signal, (client, options) =>
      client.send(new this.#sdk.DeleteObjectCommand(this.#key(file)), options),
    )
  }

  async close(): Promise<void> {
    this.#connections.close()
  }

  #about(verb: string, file: string): Question {
    return { step: `${verb} ${this.where}`, object: this.#key(file).Key }
  }

  #key(file: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#bucket, Key: this.keyOf(file) }
  }

  #page(more: { readonly MaxKeys?: number; readonly ContinuationToken?: string }): Send<ListPage> {
    const input = { Bucket: this.#bucket, Prefix: this.#prefix, Delimiter: '/', ...more }
    return async (client, options) => {
      const page = await client.send(new this.#sdk.ListObjectsV2Command(input), options)
      if (page.Name === undefined) throw notS3('the answer is no list of objects')
      return page
    }
  }
}

const notS3 = (why: string): S3Error =>
  new S3Error('not-s3', 'the endpoint is not an S3 service', {
    why,
    hint: 'correct endpoint in s3backupconfig: the host and port of the S3 API, not of its web console',
  })

type ListPage = import('@aws-sdk/client-s3').ListObjectsV2CommandOutput
