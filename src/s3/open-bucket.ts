import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3'
import { S3Error } from '../errors.ts'
import { systemClock } from '../time.ts'
import type { Bucket, BucketAccess, BucketPlace } from './bucket.ts'
import { Connections } from './connections.ts'
import { credentialsFor } from './credentials.ts'
import { type Endpoint, endpointOf } from './endpoint.ts'
import { Requests } from './requests.ts'
import { S3Bucket, type Sdk } from './s3-bucket.ts'

/** Where a bucket is if nothing says it. */
const USUAL_REGION = 'us-east-1'

/**
 * Opens a bucket, and makes sure that it is there and can be listed. Close it.
 * @throws S3Error with the kind of the failure; never with a key in it.
 */
export async function openBucket(
  place: BucketPlace,
  access: BucketAccess,
  signal: AbortSignal,
): Promise<Bucket> {
  const endpoint = endpointOf(place)
  const connections = new Connections(place, access)
  const credentials = credentialsFor(place, access, connections)
  // Loaded only now, as it takes a tenth of a second.
  const sdk = await import('@aws-sdk/client-s3')
  const clientIn = (region: string): S3Client =>
    new sdk.S3Client({
      ...settings(endpoint, region),
      ...credentials,
      requestHandler: { httpsAgent: connections.agent },
    })
  const requestsIn = (region: string): Requests =>
    new Requests(clientIn(region), {
      place,
      access,
      endpoint: endpoint.text,
      region,
      clock: access.clock ?? systemClock,
    })
  try {
    const region = endpoint.region ?? (await regionOf(requestsIn(USUAL_REGION), sdk, place.bucket, signal))
    const bucket = new S3Bucket(requestsIn(region), sdk, place, connections)
    await bucket.check(signal)
    return bucket
  } catch (thrown) {
    connections.close()
    throw thrown
  }
}

/** As RKE's helper finds it: by default if the keys may not ask. */
async function regionOf(requests: Requests, sdk: Sdk, bucket: string, signal: AbortSignal): Promise<string> {
  try {
    const question = { step: `ask for the region of ${requests.what}` }
    const { LocationConstraint } = await requests.send(question, signal, (client, options) =>
      client.send(new sdk.GetBucketLocationCommand({ Bucket: bucket }), options),
    )
    return LocationConstraint === 'EU' ? 'eu-west-1' : LocationConstraint || USUAL_REGION
  } catch (error) {
    if (error instanceof S3Error && (error.kind === 'forbidden' || error.region !== undefined))
      return error.region ?? USUAL_REGION
    throw error
  }
}

/** What the environment and files of this machine have no say in. */
function settings(endpoint: Endpoint, region: string): S3ClientConfig {
  return {
    region,
    endpoint: endpoint.urlIn(region),
    forcePathStyle: endpoint.isPathStyle,
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard',
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    useArnRegion: false,
    disableMultiregionAccessPoints: true,
    // Services other than Amazon's refuse checksums that they do not know.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  }
}
