import { writeFile } from 'node:fs/promises'
import { FaultProxy, type ObjectStore, startObjectStore } from '../../testbed/index.ts'
import { TestBucket } from '../../testbed/s3/test-bucket.ts'
import type { Fields } from './cluster-file.ts'
import type { Workspace } from './workspace.ts'

/** An S3 server with a bucket for snapshots, and what a user writes to use it. */
export class SnapshotBucket implements AsyncDisposable {
  readonly store: ObjectStore
  readonly proxy: FaultProxy
  readonly bucket: TestBucket

  private constructor(store: ObjectStore, proxy: FaultProxy, bucket: TestBucket) {
    this.store = store
    this.proxy = proxy
    this.bucket = bucket
  }

  static async start(): Promise<SnapshotBucket> {
    const store = await startObjectStore()
    const proxy = await FaultProxy.start(store)
    return new SnapshotBucket(store, proxy, await TestBucket.create(store, 'backups'))
  }

  /** `s3backupconfig` of cluster.yml. */
  block(secretKey: string): Fields {
    return {
      access_key: this.store.accessKey,
      secret_key: secretKey,
      bucket_name: this.bucket.name,
      endpoint: this.store.endpoint,
      custom_ca: this.store.identity.ca,
      folder: 'prod',
    }
  }

  /** The flags for the same bucket, some of them otherwise, and without a folder. Writes the CA into the workspace. */
  async flags(
    workspace: Workspace,
    otherwise: Readonly<Record<string, string>> = {},
  ): Promise<readonly string[]> {
    await writeFile(workspace.path('s3-ca.pem'), this.store.identity.ca)
    const values = {
      's3-endpoint': this.store.endpoint,
      's3-endpoint-ca': workspace.path('s3-ca.pem'),
      'bucket-name': this.bucket.name,
      'access-key': this.store.accessKey,
      'secret-key': this.store.secretKey,
      ...otherwise,
    }
    return ['--s3', ...Object.entries(values).flatMap(([name, value]) => [`--${name}`, value])]
  }

  /** What must be in no log, plan or process list: the keys, plain and as the helper gets them. */
  get secrets(): readonly string[] {
    const { accessKey, secretKey } = this.store
    return [
      accessKey,
      secretKey,
      Buffer.from(secretKey).toString('base64'),
      Buffer.from(accessKey).toString('base64'),
    ]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.bucket[Symbol.dispose]()
    await this.proxy[Symbol.asyncDispose]()
    await this.store[Symbol.asyncDispose]()
  }
}
