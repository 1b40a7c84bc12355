import { S3Error } from '../errors.ts'
import type { BucketPlace } from './bucket.ts'

/** Where requests for a bucket go. */
export interface Endpoint {
  /** For people: `s3.example.net:9000`. */
  readonly text: string
  /** Of the service, for requests of a bucket in this region. */
  urlIn(region: string): string
  /** The bucket is a part of the path, not of the host's name. */
  readonly isPathStyle: boolean
  /** The region that the configuration or the host's name says; otherwise it is looked up. */
  readonly region: string | undefined
}

const AMAZON = 's3.amazonaws.com'
/** Amazon's host of all regions: requests go to that of the bucket's own. */
const ANY_REGION = new Map([
  [AMAZON, 'amazonaws.com'],
  ['s3.cn-north-1.amazonaws.com.cn', 'amazonaws.com.cn'],
])
const AMAZON_REGION = /^s3[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?$/

/**
 * The endpoint, as RKE's helper understands it: the bucket is a part of the host's name at Amazon, Google and Alibaba Cloud,
 * unless it has dots, for which their certificates are not good.
 * @throws S3Error of kind `endpoint` if it is no `host[:port]`.
 */
export function endpointOf({ bucket, endpoint, region }: BucketPlace): Endpoint {
  const text = endpoint === '' ? AMAZON : endpoint.toLowerCase()
  const url = URL.canParse(`https://${text}`) ? new URL(`https://${text}`) : undefined
  if (url === undefined || text.includes('@') || url.href !== `https://${text.replace(/:443$/, '')}/`) {
    throw new S3Error('endpoint', `"${endpoint}" is not the endpoint of an S3 service`, {
      hint: 'write host or host:port, such as s3.example.net:9000, without https:// and without a path',
    })
  }
  const host = url.hostname
  const domain = ANY_REGION.get(host)
  return {
    text,
    urlIn: (known) => (domain === undefined ? url.origin : `https://s3.${known}.${domain}`),
    isPathStyle: bucket.includes('.') || !hasBucketHosts(host),
    region: region || AMAZON_REGION.exec(host)?.[1],
  }
}

const hasBucketHosts = (host: string): boolean =>
  host.includes('aliyun') || /(^|\.)(amazonaws\.com(\.cn)?|googleapis\.com)$/.test(host)
