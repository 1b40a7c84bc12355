import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import type { BucketAccess } from '../../../src/s3/bucket.ts'
import { openBucket } from '../../../src/s3/open-bucket.ts'
import { DirectDialer, json, TestServer } from '../fakes/test-server.ts'
import { listing, NODE, startFakeBucket } from './fake-bucket.ts'

const { signal } = new AbortController()
const keys = {
  Code: 'Success',
  AccessKeyId: 'ASIAROLE',
  SecretAccessKey: 'role-secret',
  Token: 'role-token',
  Expiration: '2099-01-01T00:00:00Z',
}

/** A node on which all addresses of the cloud lead to this port. */
function nodeIn(cloudPort: number): {
  readonly dialled: string[]
  readonly through: BucketAccess['through']
} {
  const direct = new DirectDialer()
  const dialled: string[] = []
  const through: BucketAccess['through'] = {
    address: NODE,
    dial: (to, asking) => {
      if ('socket' in to || !to.host.startsWith('169.254.')) return direct.dial(to, asking)
      dialled.push(`${to.host}:${to.port}`)
      return direct.dial({ host: '127.0.0.1', port: cloudPort }, asking)
    },
  }
  return { dialled, through }
}

test("without keys the role of the node's EC2 instance is used, asked for on the node", async () => {
  const { access, place, server } = await startFakeBucket((_, reply) => listing(reply))
  await using _server = server
  await using cloud = await TestServer.start(({ method, url }, reply) => {
    if (method === 'PUT' && url === '/latest/api/token') return reply.end('imds-token')
    if (url.endsWith('/security-credentials/')) return reply.end('backup-role\n')
    json(reply, keys)
  })
  const { dialled, through } = nodeIn(cloud.port)
  const bucket = await openBucket({ ...place, keys: undefined }, { ...access, through }, signal)
  await bucket.close()
  expect(dialled[0]).toBe('169.254.169.254:80')
  expect(cloud.asked.map(({ url }) => url)).toEqual([
    '/latest/api/token',
    '/latest/meta-data/iam/security-credentials/',
    '/latest/meta-data/iam/security-credentials/backup-role',
  ])
})

test('a container service is asked as the variables say', async () => {
  const { access, place, server } = await startFakeBucket((_, reply) => listing(reply))
  await using _server = server
  await using cloud = await TestServer.start((_, reply) => json(reply, keys))
  const { dialled, through } = nodeIn(cloud.port)
  const environment = ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/credentials/abc?x=1']
  const bucket = await openBucket({ ...place, environment, keys: undefined }, { ...access, through }, signal)
  await bucket.close()
  expect(dialled).toEqual(['169.254.170.2:80'])
  expect(cloud.asked[0]?.url).toBe('/v2/credentials/abc?x=1')
})

test.each([
  ['has no role', (reply: ServerResponse) => reply.writeHead(404).end(), /answers 404/],
  ['answers something else', (reply: ServerResponse) => json(reply, { Code: 'Failed' }), /no keys/],
])('a machine that %s is reported otherwise than keys that are wrong', async (_, answer, why) => {
  const { access, place, server } = await startFakeBucket((_asked, reply) => listing(reply))
  await using _server = server
  await using cloud = await TestServer.start((_asked, reply) => answer(reply))
  const environment = ['AWS_CONTAINER_CREDENTIALS_FULL_URI=http://169.254.170.23/v1/credentials']
  const opening = openBucket(
    { ...place, environment, keys: undefined },
    { ...access, through: nodeIn(cloud.port).through },
    signal,
  )
  await expect(opening).rejects.toMatchObject({
    kind: 'no-role',
    host: NODE,
    why: expect.stringMatching(why),
    hint: expect.stringContaining('access_key'),
  })
})

test('a web identity token that cannot be read is the reason', async () => {
  const { access, place, server } = await startFakeBucket((_, reply) => listing(reply))
  await using _server = server
  const environment = [
    'AWS_WEB_IDENTITY_TOKEN_FILE=/var/run/token',
    'AWS_ROLE_ARN=arn:aws:iam::1:role/backup',
  ]
  await expect(openBucket({ ...place, environment, keys: undefined }, access, signal)).rejects.toMatchObject({
    kind: 'no-role',
    why: '/var/run/token cannot be read here',
  })
})
