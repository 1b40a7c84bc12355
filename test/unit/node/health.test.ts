import { beforeAll, describe, expect, it } from 'vitest'
import type { HealthCheck } from '../../../src/desired/container-spec.ts'
import { openProbe, untilHealthy } from '../../../src/node/containers/health.ts'
import { probeHealth } from '../fakes/probe-health.ts'
import { DirectDialer, json, silentDialer, TestServer } from '../fakes/test-server.ts'
import { TestAuthority, type TestCertificate } from '../fakes/test-tls.ts'

let authority: TestAuthority
let identity: TestCertificate
const dialer = new DirectDialer()

beforeAll(async () => {
  authority = await TestAuthority.create()
  identity = await authority.server(['localhost'], ['127.0.0.1'])
})

const check = (url: string, success: HealthCheck['success'] = 'status'): HealthCheck => ({ url, success })

describe('a health check', () => {
  it('is well with status 200 only, and tells what else was said', async () => {
    let status = 200
    await using server = await TestServer.start((_asked, reply) =>
      reply.writeHead(status).end('[-]etcd failed'),
    )
    const url = `http://localhost:${server.port}/healthz`
    expect(await probeHealth(dialer, check(url))).toEqual({ ok: true, detail: 'ok' })
    status = 500
    expect(await probeHealth(dialer, check(url))).toEqual({ ok: false, detail: 'status 500: [-]etcd failed' })
    expect(server.asked[0]?.url).toBe('/healthz')
  })

  it('presents the client certificate and verifies the server by the cluster’s CA', async () => {
    await using server = await TestServer.start((_asked, reply) => json(reply, {}), {
      ca: authority.ca,
      identity,
    })
    const clientCert = await authority.client('kube-apiserver')
    const url = `https://localhost:${server.port}/healthz`
    expect(await probeHealth(dialer, check(url), { clientCert, ca: authority.ca })).toMatchObject({
      ok: true,
    })
    expect(server.asked[0]?.client).toBe('kube-apiserver')
    const other = await TestAuthority.create('other')
    expect(await probeHealth(dialer, check(url), { ca: other.ca })).toMatchObject({ ok: false })
  })

  it('accepts a certificate that the component signed itself if no CA is given', async () => {
    await using server = await TestServer.start((_asked, reply) => json(reply, {}), {
      ca: authority.ca,
      identity,
    })
    const url = `https://localhost:${server.port}/healthz`
    expect(await probeHealth(dialer, check(url))).toMatchObject({ ok: true })
  })

  it('of etcd is well only if its body says so', async () => {
    let body = { health: 'true', reason: '' }
    await using server = await TestServer.start((_asked, reply) => json(reply, body))
    const etcd = check(`http://127.0.0.1:${server.port}/health`, 'etcd')
    expect(await probeHealth(dialer, etcd)).toMatchObject({ ok: true })
    body = { health: 'false', reason: 'RAFT NO LEADER' }
    expect(await probeHealth(dialer, etcd)).toEqual({
      ok: false,
      detail: 'etcd says it is not healthy: RAFT NO LEADER',
    })
  })

  it('of a component that cannot be reached is not an error', async () => {
    expect(await probeHealth(dialer, check('http://127.0.0.1:1/healthz'))).toMatchObject({ ok: false })
  })
})

describe('waiting for health', () => {
  it('asks again over the same connection until the component is well', async () => {
    let count = 0
    await using server = await TestServer.start((_asked, reply) =>
      reply.writeHead(++count < 4 ? 500 : 200).end(),
    )
    const waits: string[] = []
    await untilHealthy(openProbe(dialer, check(`http://127.0.0.1:${server.port}/healthz`)), {
      deadlineMs: 5_000,
      firstPauseMs: 5,
      onWait: (reason) => waits.push(reason),
    })
    expect(waits).toHaveLength(3)
    expect(server.connections).toBe(1)
  })

  it('fails at its deadline with the last answer, the node and what to look at', async () => {
    await using server = await TestServer.start((_asked, reply) => reply.writeHead(500).end('etcd failed'))
    const wait = untilHealthy(openProbe(dialer, check(`http://127.0.0.1:${server.port}/healthz`)), {
      deadlineMs: 200,
      what: 'kube-apiserver on 10.0.0.1',
      host: '10.0.0.1',
    })
    await expect(wait).rejects.toMatchObject({
      name: 'HealthError',
      message: 'waited 0.2 s for kube-apiserver on 10.0.0.1 to become healthy: status 500: etcd failed',
      host: '10.0.0.1',
      hint: expect.stringContaining('log'),
    })
  })

  it('fails as soon as the component has ended, with its last answer', async () => {
    await using server = await TestServer.start((_asked, reply) => reply.writeHead(500).end('shutting down'))
    let asked = 0
    const wait = untilHealthy(openProbe(dialer, check(`http://127.0.0.1:${server.port}/healthz`)), {
      deadlineMs: 60_000,
      what: 'kube-apiserver',
      firstPauseMs: 5,
      hasEnded: async () => ++asked === 3,
    })
    await expect(wait).rejects.toMatchObject({
      name: 'HealthError',
      message: 'kube-apiserver has ended: status 500: shutting down',
    })
    expect(asked).toBe(3)
  })

  it('ends when the run is stopped, also during a request', async () => {
    const stop = new AbortController()
    const wait = untilHealthy(openProbe(silentDialer, check('http://127.0.0.1:1/')), {
      deadlineMs: 9_000,
      signal: stop.signal,
    })
    setTimeout(() => stop.abort(), 20)
    await expect(wait).rejects.toMatchObject({ name: 'CancelledError' })
  })
})
