import type { ServerResponse } from 'node:http'
import type { BucketAccess, BucketPlace } from '../../../src/s3/bucket.ts'
import { Secret } from '../../../src/secret.ts'
import type { Time } from '../../../src/time.ts'
import { type Answer, type Asked, ChannelDialer, TestServer } from '../fakes/test-server.ts'
import { TestAuthority } from '../fakes/test-tls.ts'

export const NODE = '10.0.0.1'
export const KEYS = { accessKey: 'AKEXAMPLE', secretKey: 'secret/of+AKEXAMPLE' }

const authority = await TestAuthority.create('s3-ca')
const identity = await authority.server(['s3.example.net'], ['127.0.0.1'])

/** An answer in S3's form for an error. */
export function fail(
  reply: ServerResponse,
  status: number,
  code: string,
  more: Readonly<Record<string, string>> = {},
): void {
  const members = Object.entries({ Code: code, Message: `server says ${code}`, ...more })
  const xml = members.map(([name, value]) => `<${name}>${value}</${name}>`).join('')
  reply.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error>${xml}</Error>`)
}

/** An answer that lists these objects. */
export function listing(reply: ServerResponse, keys: readonly string[] = [], next?: string): void {
  const contents = keys.map(
    (key) =>
      `<Contents><Key>${key}</Key><Size>7</Size><LastModified>2026-01-02T03:04:05Z</LastModified></Contents>`,
  )
  const more =
    next === undefined
      ? '<IsTruncated>false</IsTruncated>'
      : `<IsTruncated>true</IsTruncated><NextContinuationToken>${next}</NextContinuationToken>`
  reply
    .writeHead(200, { 'content-type': 'application/xml' })
    .end(`<ListBucketResult><Name>backups</Name>${more}${contents.join('')}</ListBucketResult>`)
}

/** An S3 server that plays one answer, a bucket at it, and a node that it is reached through. */
export async function startFakeBucket(answer: Answer) {
  const server = await TestServer.start(answer, { ca: authority.ca, identity })
  const paused: number[] = []
  const said: string[] = []
  const dialer = new ChannelDialer()
  const place: BucketPlace = {
    endpoint: `127.0.0.1:${server.port}`,
    bucket: 'backups',
    region: 'us-east-1',
    folder: 'prod',
    customCa: authority.ca,
    keys: new Secret(KEYS),
    environment: [],
  }
  const access: BucketAccess = {
    through: { address: NODE, dial: (to, signal) => dialer.dial(to, signal) },
    time: recording(paused),
    clock: () => new Date('2026-01-01T00:00:00Z'),
    onProgress: (text) => said.push(text),
  }
  return { server, place, access, paused, said, dialer }
}

export const paths = (asked: readonly Asked[]): readonly string[] =>
  asked.map(({ method, url }) => `${method} ${url.replace(/&?x-id=\w+/, '').replace(/\?$/, '')}`)

/** Pauses take no time; what is only reported when it takes long is not. */
function recording(paused: number[]): Time {
  const never = new Promise<void>(() => {})
  return {
    pause: (ms) => {
      if (ms === 5_000) return never
      paused.push(ms)
      return Promise.resolve()
    },
    limit: () => new AbortController().signal,
  }
}
