import { RkeError } from '../errors.ts'
import type { Bucket, BucketAccess, BucketPlace } from './bucket.ts'

/**
 * Opens a bucket, and makes sure that it is there (`HEAD` of the bucket, as RKE's helper does). Close it.
 * @throws S3Error with the kind of the failure; never with a key in it.
 */
export async function openBucket(
  place: BucketPlace,
  _access: BucketAccess,
  _signal: AbortSignal,
): Promise<Bucket> {
  throw new RkeError(`the bucket ${place.bucket} cannot be opened yet`)
}
