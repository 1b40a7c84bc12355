import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ecrToken } from '../../../src/node/docker/ecr-token.ts'
import { Secret } from '../../../src/secret.ts'

const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
const SECRET_KEY = 'never-to-be-seen'
const { signal } = new AbortController()

let seen: IncomingHttpHeaders = {}
let answer: { status: number; body: object } = { status: 200, body: {} }
const server = createServer((request, reply) => {
  seen = request.headers
  request.resume().on('end', () => {
    reply.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' })
    reply.end(JSON.stringify(answer.body))
  })
})

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise((resolve) => server.close(resolve)))

const token = () =>
  ecrToken(
    {
      host: HOST,
      region: 'eu-west-1',
      fips: false,
      keys: new Secret({ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: SECRET_KEY, sessionToken: 'session' }),
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    },
    signal,
  )

test('the token of AWS becomes a name and a password; the request is signed with the keys', async () => {
  const authorizationToken = Buffer.from('AWS:pass:word').toString('base64')
  answer = { status: 200, body: { authorizationData: [{ authorizationToken }] } }
  expect((await token()).reveal()).toEqual({ username: 'AWS', password: 'pass:word' })
  expect(seen['x-amz-target']).toBe('AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken')
  expect(seen.authorization).toContain('Credential=AKIAEXAMPLE/')
  expect(seen['x-amz-security-token']).toBe('session')
})

test('a refusal names the registry, the reason and what to check, and not the key', async () => {
  answer = { status: 400, body: { __type: 'UnrecognizedClientException', message: 'The token is invalid.' } }
  const failure = await token().catch((thrown: unknown) => thrown)
  expect(failure).toMatchObject({
    name: 'ImagePullError',
    message: expect.stringMatching(new RegExp(`${HOST}.*UnrecognizedClientException: The token is invalid`)),
    hint: expect.stringContaining('ecr:GetAuthorizationToken'),
  })
  expect(JSON.stringify(failure)).not.toContain(SECRET_KEY)
})

test('an answer without a token is an error, too', async () => {
  answer = { status: 200, body: { authorizationData: [] } }
  await expect(token()).rejects.toThrow(/no login for .*the answer holds no token/)
})
