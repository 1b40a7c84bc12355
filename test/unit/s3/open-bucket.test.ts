import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { CancelledError, errorText, RkeError, S3Error } from '../../../src/errors.ts'
import type { BucketPlace } from '../../../src/s3/bucket.ts'
import { openBucket } from '../../../src/s3/open-bucket.ts'
import { Secret } from '../../../src/secret.ts'
import type { Answer } from '../fakes/test-server.ts'
import { TestAuthority } from '../fakes/test-tls.ts'
import { fail, KEYS, listing, NODE, paths, startFakeBucket } from './fake-bucket.ts'

const { signal } = new AbortController()

/** Why a bucket with these answers, or described otherwise, cannot be opened. */
async function failureOf(answer: Answer, other: Partial<BucketPlace> = {}): Promise<S3Error> {
  const { access, place, server } = await startFakeBucket(answer)
  await using _ = server
  const opening = openBucket({ ...place, ...other }, access, signal)
  const error = await opening.then(
    () => new TypeError('it was opened'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof S3Error)) throw error
  return error
}

test('objects of the folder are listed over all pages, by their names in it', async () => {
  const { access, place, server } = await startFakeBucket(({ url }, reply) => {
    if (url.includes('continuation-token=more')) return listing(reply, ['prod/c.zip'])
    listing(reply, ['prod/', 'prod/a.zip', 'prod/b'], 'more')
  })
  await using _ = server
  const bucket = await openBucket(place, access, signal)
  const objects = await bucket.list(signal)
  await bucket.close()
  expect(objects.map(({ file }) => file)).toEqual(['a.zip', 'b', 'c.zip'])
  expect(objects[0]).toEqual({ file: 'a.zip', bytes: 7, modified: new Date('2026-01-02T03:04:05Z') })
  expect(server.asked[1]?.url).toContain('prefix=prod%2F')
  expect(server.asked[1]?.url).toContain('delimiter=%2F')
})

test('one object is asked for, read in part and removed by exactly its key', async () => {
  const { access, place, server } = await startFakeBucket(({ method, url }, reply) => {
    if (url.includes('list-type')) return listing(reply)
    if (method === 'HEAD') {
      return reply
        .writeHead(200, { 'content-length': '9', 'last-modified': 'Fri, 02 Jan 2026 03:04:05 GMT' })
        .end()
    }
    if (method === 'DELETE') return reply.writeHead(204).end()
    reply.writeHead(206, { 'content-range': 'bytes 3-5/9' }).end('abc')
  })
  await using _ = server
  const bucket = await openBucket(place, access, signal)
  const name = '2026-01-02T03:04:05Z_etcd.zip'
  expect(await bucket.stat(name, signal)).toEqual({
    file: name,
    bytes: 9,
    modified: new Date('2026-01-02T03:04:05Z'),
  })
  expect(await bucket.read(name, { offset: 3, length: 3 }, signal)).toEqual(Buffer.from('abc'))
  await bucket.remove(name, signal)
  await bucket.close()
  expect(paths(server.asked).slice(1)).toEqual([
    'HEAD /backups/prod/2026-01-02T03%3A04%3A05Z_etcd.zip',
    'GET /backups/prod/2026-01-02T03%3A04%3A05Z_etcd.zip',
    'DELETE /backups/prod/2026-01-02T03%3A04%3A05Z_etcd.zip',
  ])
})

test('an object that is not there is no failure of the question, and one of reading', async () => {
  const { access, place, server } = await startFakeBucket(({ method, url }, reply) => {
    if (url.includes('list-type')) return listing(reply)
    if (method === 'HEAD') return reply.writeHead(404).end()
    fail(reply, 404, 'NoSuchKey')
  })
  await using _ = server
  const bucket = await openBucket(place, access, signal)
  expect(await bucket.stat('a.zip', signal)).toBeUndefined()
  await expect(bucket.read('a.zip', { offset: 0, length: 1 }, signal)).rejects.toMatchObject({
    kind: 'no-object',
    what: 'there is no prod/a.zip in bucket backups',
  })
  await bucket.close()
})

test('an object that the keys may not see is a matter of the keys, not of the service', async () => {
  const { access, place, server } = await startFakeBucket(({ method, url }, reply) => {
    if (url.includes('list-type')) return listing(reply)
    if (method === 'HEAD') reply.writeHead(403).end()
  })
  await using _ = server
  const bucket = await openBucket(place, access, signal)
  await expect(bucket.stat('a.zip', signal)).rejects.toMatchObject({ kind: 'forbidden' })
  await bucket.close()
})

describe('a bucket without a region', () => {
  test('is looked for', async () => {
    const { access, place, server } = await startFakeBucket(({ url }, reply) => {
      if (url.includes('location')) return reply.end('<LocationConstraint>eu-west-3</LocationConstraint>')
      listing(reply)
    })
    await using _ = server
    const bucket = await openBucket({ ...place, region: '' }, access, signal)
    bucket.close()
    expect(paths(server.asked)[0]).toContain('location')
  })

  test('is in us-east-1 if the keys may not ask', async () => {
    const { access, place, server } = await startFakeBucket(({ url }, reply) => {
      if (url.includes('location')) return fail(reply, 403, 'AccessDenied')
      listing(reply)
    })
    await using _ = server
    const bucket = await openBucket({ ...place, region: '' }, access, signal)
    bucket.close()
    expect(server.asked).toHaveLength(2)
  })
})

describe('what is wrong is said by its kind, with what to do', () => {
  const answers: readonly (readonly [S3Error['kind'], RegExp, Answer])[] = [
    [
      'access-key',
      /does not know the access key: .*; correct access_key/,
      (_, r) => fail(r, 403, 'InvalidAccessKeyId', { AWSAccessKeyId: KEYS.accessKey }),
    ],
    [
      'secret-key',
      /does not belong to the access key/,
      (_, r) => fail(r, 403, 'SignatureDoesNotMatch', { StringToSign: KEYS.secretKey }),
    ],
    ['no-bucket', /there is no bucket backups/, (_, r) => fail(r, 404, 'NoSuchBucket')],
    ['forbidden', /allow s3:ListBucket/, (_, r) => fail(r, 403, 'AccessDenied')],
    [
      'region',
      /write region: eu-west-3/,
      (_, r) => fail(r, 400, 'AuthorizationHeaderMalformed', { Region: 'eu-west-3' }),
    ],
    [
      'clock',
      /here it is 2026-01-01T00:00:00.000Z, there 2026-01-01T02:00:00.000Z/,
      (_, r) => fail(r, 403, 'RequestTimeTooSkewed', { ServerTime: '2026-01-01T02:00:00Z' }),
    ],
    ['not-s3', /not of its web console/, (_, r) => r.end('<html><body>Welcome</body></html>')],
    ['not-s3', /not of its web console/, (_, r) => r.writeHead(404).end('<html><body>nginx</body></html>')],
    ['not-s3', /not of its web console/, (_, r) => r.end('hello')],
  ]
  test.each(answers)('%s: %s', async (kind, text, answer) => {
    const error = await failureOf(answer)
    expect(error).toMatchObject({ kind, host: NODE })
    expect(errorText(error)).toMatch(text)
    expect(inspect(error, { depth: 9 })).not.toContain('EXAMPLE')
  })

  test('certificate: another authority', async () => {
    const other = await TestAuthority.create()
    expect(await failureOf((_, r) => listing(r), { customCa: other.ca })).toMatchObject({
      kind: 'certificate',
      why: expect.stringMatching(/^[^;]+$/),
      hint: expect.stringContaining('(--s3-endpoint-ca) must hold'),
    })
  })

  test('certificate: an authority of its own, and none is configured', async () => {
    expect(await failureOf((_, r) => listing(r), { customCa: undefined })).toMatchObject({
      kind: 'certificate',
      hint: expect.stringContaining('write that as custom_ca'),
    })
  })

  test('unreachable: nothing listens, seen from the node', async () => {
    const error = await failureOf((_, r) => listing(r), { endpoint: '127.0.0.1:1' })
    expect(error).toMatchObject({
      kind: 'unreachable',
      host: NODE,
      what: '127.0.0.1:1 cannot be reached from the node',
      hint: expect.stringContaining('--s3-via local'),
    })
  })

  test.each([
    ['access-key', { accessKey: '', secretKey: 'x' }],
    ['secret-key', { accessKey: 'x', secretKey: '' }],
  ] as const)('%s: only the other one is given', async (kind, keys) => {
    expect(await failureOf((_, r) => listing(r), { keys: new Secret(keys) })).toMatchObject({ kind })
  })
})

test('without a node, it is this machine that cannot reach the endpoint', async () => {
  const { access, place, server } = await startFakeBucket((_, reply) => listing(reply))
  await using _ = server
  const opening = openBucket({ ...place, endpoint: '127.0.0.1:1' }, { ...access, through: undefined }, signal)
  await expect(opening).rejects.toMatchObject({
    kind: 'unreachable',
    host: undefined,
    what: '127.0.0.1:1 cannot be reached from this machine',
    hint: expect.stringContaining('--s3-via node'),
  })
})

test('a busy server is asked again, with longer and longer pauses that are reported', async () => {
  let asked = 0
  const { access, place, paused, said, server } = await startFakeBucket((_, reply) => {
    asked += 1
    if (asked < 4) return fail(reply, 503, 'SlowDown')
    listing(reply)
  })
  await using _ = server
  const bucket = await openBucket(place, access, signal)
  await bucket.close()
  expect(paused).toEqual([1000, 2000, 4000])
  expect(said[0]).toMatch(/is busy; trying again in 1 s \(2 of 5\)$/)
})

test('a server that stays busy is given up after five tries', async () => {
  const { access, place, paused, server } = await startFakeBucket((_, reply) => reply.writeHead(503).end())
  await using _ = server
  await expect(openBucket(place, access, signal)).rejects.toMatchObject({ kind: 'busy' })
  expect(paused).toEqual([1000, 2000, 4000, 8000])
})

test('an answer that is cut in the middle is asked for again', async () => {
  let cuts = 0
  const { access, place, server } = await startFakeBucket(({ url }, reply) => {
    if (url.includes('list-type')) return listing(reply)
    reply.writeHead(206, { 'content-range': 'bytes 0-5/9', 'content-length': '6' })
    cuts += 1
    if (cuts === 1) return reply.write('abc', () => reply.destroy())
    reply.end('abcdef')
  })
  await using _ = server
  const bucket = await openBucket(place, access, signal)
  expect((await bucket.read('a.zip', { offset: 0, length: 6 }, signal)).toString()).toBe('abcdef')
  await bucket.close()
  expect(cuts).toBe(2)
})

test('a lost connection to the node is a cut, too', async () => {
  const { access, dialer, place, server } = await startFakeBucket(({ url }, reply) => {
    if (url.includes('list-type')) return listing(reply)
    dialer.cut()
  })
  await using _ = server
  const bucket = await openBucket(place, access, signal)
  await expect(bucket.read('a.zip', { offset: 0, length: 6 }, signal)).rejects.toMatchObject({ kind: 'cut' })
  await bucket.close()
})

test('a server that says nothing is given up at the deadline', async () => {
  const limit = new AbortController()
  const { access, place, server } = await startFakeBucket(() => limit.abort())
  await using _ = server
  const time = { pause: () => new Promise<void>(() => {}), limit: () => limit.signal }
  await expect(openBucket(place, { ...access, time }, signal)).rejects.toMatchObject({ kind: 'timed-out' })
})

test('a stopped run ends the request, and is no failure of the bucket', async () => {
  const stop = new AbortController()
  const { access, place, server } = await startFakeBucket(() => stop.abort())
  await using _ = server
  await expect(openBucket(place, access, stop.signal)).rejects.toBeInstanceOf(CancelledError)
})

test('no error, and nothing that it holds, shows a key', async () => {
  const texts: string[] = []
  for (const code of ['InvalidAccessKeyId', 'AccessDenied', 'Whatever']) {
    const error = await failureOf((_, reply) =>
      fail(reply, 403, code, { Message: `${KEYS.accessKey} ${KEYS.secretKey}` }),
    )
    texts.push(
      inspect(error, { depth: 9, showHidden: true }),
      error instanceof RkeError ? errorText(error) : '',
    )
  }
  expect(texts.join('\n')).not.toContain('EXAMPLE')
  expect(texts.join('\n')).toContain('[secret]')
})
