import { createServer } from 'node:http'
import { duplexPair } from 'node:stream'
import { expect, test } from 'vitest'
import { pullProgress } from '../../../../src/actions/containers/pull-progress.ts'
import { Docker } from '../../../../src/node/docker/docker.ts'
import { pullFailure } from '../../../../src/node/docker/pulls/pull-error.ts'
import type { Time } from '../../../../src/time.ts'

/** A Docker whose pulls end like this, one after the other; the last answer stands for all further ones. */
function dockerWith(answers: readonly (string | undefined)[]) {
  const pauses: number[] = []
  let pulls = 0
  const server = createServer((request, response) => {
    if (request.url === '/version') return void response.end('{"Version":"27.1","ApiVersion":"1.46"}')
    const error = answers[Math.min(pulls++, answers.length - 1)]
    response.end(error === undefined ? '{"status":"Pull complete"}\n' : `${JSON.stringify({ error })}\n`)
  })
  const time: Time = {
    pause: async (milliseconds) => void pauses.push(milliseconds),
    limit: () => new AbortController().signal,
  }
  const open = async () => {
    const [client, other] = duplexPair()
    server.emit('connection', other)
    return client
  }
  return { docker: new Docker('10.0.0.1', open, time), pauses, pulls: () => pulls }
}

const LIMIT = 'toomanyrequests: You have reached your unauthenticated pull rate limit.'

test('a pull whose failure may pass is tried again, later each time, and says so', async () => {
  const { docker, pauses, pulls } = dockerWith([
    LIMIT,
    'received unexpected HTTP status: 503 Service Unavailable',
    undefined,
  ])
  const said: string[] = []
  await docker.pullImage(
    'x:1',
    pullProgress((text) => said.push(text)),
  )
  expect(pulls()).toBe(3)
  expect(pauses).toEqual([2_000, 5_000])
  expect(said).toEqual([
    `try 2 of 5 in 2 s: ${LIMIT}`,
    'try 3 of 5 in 5 s: received unexpected HTTP status: 503 Service Unavailable',
  ])
})

test('after five tries the pull fails with the last reason and what to do', async () => {
  const { docker, pauses, pulls } = dockerWith([LIMIT])
  await expect(docker.pullImage('x:1')).rejects.toMatchObject({
    name: 'ImagePullError',
    message: `the pull failed 5 times: ${LIMIT}`,
    hint: expect.stringContaining('private_registries'),
  })
  expect(pulls()).toBe(5)
  expect(pauses).toEqual([2_000, 5_000, 15_000, 30_000])
})

test('who gives up between two tries does not wait for the next', async () => {
  const stop = new AbortController()
  const { docker, pulls } = dockerWith([LIMIT])
  const pulling = docker.pullImage('x:1', { signal: stop.signal, onRetry: () => stop.abort() })
  await expect(pulling).rejects.toMatchObject({ name: 'CancelledError' })
  expect(pulls()).toBe(1)
})

test.each([
  ['toomanyrequests: too many failed login attempts', true],
  ['error parsing HTTP 429 response body: invalid character', true],
  ['received unexpected HTTP status: 502 Bad Gateway', true],
  ['Get "https://r.io/v2/": net/http: TLS handshake timeout', true],
  ['Get "https://r.io/v2/": dial tcp 10.1.1.1:443: i/o timeout', true],
  ['Get "https://r.io/v2/": context deadline exceeded', true],
  ['read tcp 10.0.0.1:4000->10.1.1.1:443: read: connection reset by peer', true],
  ['dial tcp 10.1.1.1:443: connect: connection refused', true],
  ['Get "https://r.io/v2/": dial tcp: lookup r.io: no such host', true],
  ['unexpected EOF', true],
  ['manifest for r.io/x:1 not found: manifest unknown: manifest unknown', false],
  ['pull access denied for x, repository does not exist or may require docker login', false],
  ['unauthorized: authentication required', false],
  ['Head "https://r.io/v2/x/manifests/1": no basic auth credentials', false],
  ['tls: failed to verify certificate: x509: certificate signed by unknown authority', false],
  ['failed to register layer: write /x: no space left on device', false],
  ['no matching manifest for linux/arm64/v8 in the manifest list entries', false],
])('"%s" may pass: %s', (reason, mayPass) => {
  expect(pullFailure(reason).mayPass).toBe(mayPass)
})
