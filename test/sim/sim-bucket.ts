import { S3Error } from '../../src/errors.ts'
import type { Bucket, OpenBucket, S3Object } from '../../src/s3/bucket.ts'
import type { SimWorld } from './sim-world.ts'

/** Opens the buckets of a simulated world, as a client of S3 sees them. */
export function simBuckets(world: Pick<SimWorld, 'buckets'>): OpenBucket {
  return async ({ bucket, endpoint, folder }, { through }) => {
    const objects = world.buckets.get(`${endpoint}/${bucket}`)
    const host = through === undefined ? {} : { host: through.address }
    if (objects === undefined) {
      throw new S3Error('no-bucket', `there is no bucket ${bucket} at ${endpoint}`, {
        ...host,
        step: `open bucket ${bucket} of ${endpoint}`,
      })
    }
    return new SimBucket(`bucket ${bucket} of ${endpoint}`, objects, folder ? `${folder}/` : '')
  }
}

class SimBucket implements Bucket {
  readonly where: string
  readonly #objects: Map<string, Buffer>
  readonly #prefix: string

  constructor(where: string, objects: Map<string, Buffer>, prefix: string) {
    this.where = where
    this.#objects = objects
    this.#prefix = prefix
  }

  keyOf(file: string): string {
    return `${this.#prefix}${file}`
  }

  async list(): Promise<readonly S3Object[]> {
    return [...this.#objects.keys()]
      .filter((key) => key.startsWith(this.#prefix))
      .map((key) => key.slice(this.#prefix.length))
      .filter((file) => !file.includes('/'))
      .toSorted()
      .flatMap((file) => this.#at(file) ?? [])
  }

  async stat(file: string): Promise<S3Object | undefined> {
    return this.#at(file)
  }

  async read(file: string, { length, offset }: { offset: number; length: number }): Promise<Buffer> {
    const content = this.#objects.get(this.keyOf(file))
    if (content === undefined)
      throw new S3Error('no-object', `there is no ${this.keyOf(file)} in ${this.where}`)
    return content.subarray(offset, offset + length)
  }

  async remove(file: string): Promise<void> {
    this.#objects.delete(this.keyOf(file))
  }

  async close(): Promise<void> {}

  #at(file: string): S3Object | undefined {
    const content = this.#objects.get(this.keyOf(file))
    return content && { file, bytes: content.length, modified: new Date('2026-01-01T00:00:00Z') }
  }
}
