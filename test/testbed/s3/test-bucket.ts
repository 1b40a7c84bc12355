import { createHash } from 'node:crypto'
import { Agent } from 'node:https'
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import type { ObjectStore } from './object-store.ts'

/** What tests do with one bucket of an S3 server on this box, beside the program that they test. */
export class TestBucket implements Disposable {
  readonly name: string
  readonly #client: S3Client

  private constructor(name: string, client: S3Client) {
    this.name = name
    this.#client = client
  }

  /** Makes the bucket. */
  static async create(store: ObjectStore, name: string): Promise<TestBucket> {
    const client = new S3Client({
      endpoint: `https://${store.endpoint}`,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId: store.accessKey, secretAccessKey: store.secretKey },
      requestHandler: { httpsAgent: new Agent({ ca: store.identity.ca }) },
    })
    await client.send(new CreateBucketCommand({ Bucket: name }))
    return new TestBucket(name, client)
  }

  async put(key: string, body: Buffer | string): Promise<void> {
    await this.#client.send(new PutObjectCommand({ Bucket: this.name, Key: key, Body: body }))
  }

  async get(key: string): Promise<Buffer> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.name, Key: key }))
    return Buffer.from((await Body?.transformToByteArray()) ?? [])
  }

  /** Hexadecimal hash of an object. */
  async sha256(key: string): Promise<string> {
    return createHash('sha256')
      .update(await this.get(key))
      .digest('hex')
  }

  async contentType(key: string): Promise<string | undefined> {
    return (await this.#client.send(new HeadObjectCommand({ Bucket: this.name, Key: key }))).ContentType
  }

  /** All keys, sorted. */
  async keys(): Promise<readonly string[]> {
    const { Contents = [] } = await this.#client.send(new ListObjectsV2Command({ Bucket: this.name }))
    return Contents.map(({ Key = '' }) => Key).sort()
  }

  /** Lets the bucket keep each version of an object. */
  async keepVersions(): Promise<void> {
    const VersioningConfiguration = { Status: 'Enabled' } as const
    await this.#client.send(new PutBucketVersioningCommand({ Bucket: this.name, VersioningConfiguration }))
  }

  [Symbol.dispose](): void {
    this.#client.destroy()
  }
}
