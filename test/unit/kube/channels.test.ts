import { describe, expect, it } from 'vitest'
import { KubeClient } from '../../../src/kube/client/client.ts'
import { openProbe, untilHealthy } from '../../../src/node/containers/health.ts'
import { apiIdentities } from '../fakes/api-identities.ts'
import { probeHealth } from '../fakes/probe-health.ts'
import { ChannelDialer, json, TestServer } from '../fakes/test-server.ts'

const { authority, identity, credentials } = await apiIdentities()

const object = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } }
const options = { what: 'the node', deadlineMs: 10_000 }

describe('through channels of an SSH connection, which are no sockets', () => {
  it('requests and watches work, and connections are used again', async () => {
    await using server = await TestServer.start(
      ({ url }, reply) => {
        if (!url.includes('watch=true'))
          return json(reply, { gitVersion: 'v1.31.1', metadata: {}, items: [] })
        reply.write(`${JSON.stringify({ type: 'ADDED', object })}\n`)
      },
      { ca: authority.ca, identity },
    )
    const dialer = new ChannelDialer()
    const client = new KubeClient([{ dialer, host: '127.0.0.1', port: server.port }], credentials)
    await client.version()
    await client.version()
    expect(server.connections).toBe(1)
    const ref = { apiVersion: 'v1', kind: 'Node', name: 'n' }
    expect(await client.waitFor(ref, (found) => found !== undefined, options)).toEqual(object)
    await client.close()
  })

  it('a cut connection fails the request that runs, and the next one opens a new channel', async () => {
    let answered = 0
    const dialer = new ChannelDialer()
    await using server = await TestServer.start(
      ({ method }, reply) =>
        method === 'POST' ? dialer.cut() : json(reply, { gitVersion: `${++answered}` }),
      { ca: authority.ca, identity },
    )
    const client = new KubeClient([{ dialer, host: '127.0.0.1', port: server.port }], credentials)
    await client.version()
    await expect(client.create(object)).rejects.toMatchObject({ step: 'create Node n' })
    expect(await client.version()).toBe('2')
    await client.close()
  })

  it('a cut connection during a watch costs only a new look', async () => {
    let watches = 0
    const dialer = new ChannelDialer()
    await using server = await TestServer.start(
      ({ url }, reply) => {
        if (!url.includes('watch=true')) return json(reply, { metadata: {}, items: [] })
        reply.writeHead(200).flushHeaders()
        if (++watches === 1) setTimeout(() => dialer.cut(), 20)
        else reply.write(`${JSON.stringify({ type: 'ADDED', object })}\n`)
      },
      { ca: authority.ca, identity },
    )
    const client = new KubeClient([{ dialer, host: '127.0.0.1', port: server.port }], credentials)
    const ref = { apiVersion: 'v1', kind: 'Node', name: 'n' }
    expect(await client.waitFor(ref, (found) => found !== undefined, options)).toEqual(object)
    expect(watches).toBe(2)
    await client.close()
  })

  it('health is asked without TLS, too, over one channel', async () => {
    let count = 0
    await using server = await TestServer.start((_asked, reply) =>
      reply.writeHead(++count < 3 ? 500 : 200).end(),
    )
    const check = { url: `http://localhost:${server.port}/healthz`, success: 'status' } as const
    const dialer = new ChannelDialer()
    await untilHealthy(openProbe(dialer, check), { deadlineMs: 5_000, firstPauseMs: 5 })
    expect(server.connections).toBe(1)
    expect(await probeHealth(dialer, check)).toMatchObject({ ok: true })
  })
})
