import { describe, expect, it } from 'vitest'
import { connectFirst } from '../../../src/kube/client/connect.ts'
import { apiIdentities } from '../fakes/api-identities.ts'
import { type Answer, DirectDialer, json, silentDialer, TestServer } from '../fakes/test-server.ts'

const { authority, identity, credentials } = await apiIdentities()

const start = (answer: Answer) => TestServer.start(answer, { ca: authority.ca, identity })
const at = (server: TestServer) => ({ dialer: new DirectDialer(), host: '127.0.0.1', port: server.port })

function apiServer(version: string, readyz = 200): Promise<TestServer> {
  return start(({ url }, reply) =>
    url === '/readyz' ? json(reply, {}, readyz) : json(reply, { gitVersion: version }),
  )
}

describe('connecting to one of several control plane nodes', () => {
  it('takes the one that answers and does not wait for one that is silent', async () => {
    await using server = await apiServer('v1.31.1')
    const silent = { dialer: silentDialer, host: '10.0.0.1', port: 6443 }
    const started = Date.now()
    const client = await connectFirst([silent, at(server)], credentials)
    expect(await client.version()).toBe('v1.31.1')
    expect(Date.now() - started).toBeLessThan(4_500)
    await client.close()
  })

  it('prefers one that is ready to one that only answers', async () => {
    await using starting = await apiServer('starting', 500)
    await using ready = await apiServer('ready')
    const client = await connectFirst([at(starting), at(ready)], credentials)
    expect(await client.version()).toBe('ready')
    await client.close()
  })

  it('takes one that is not ready if there is none better', async () => {
    await using starting = await apiServer('starting', 500)
    const client = await connectFirst([at(starting)], credentials)
    expect(await client.version()).toBe('starting')
    await client.close()
  })

  it('fails with the reason of every node', async () => {
    const dialer = new DirectDialer()
    await using refusing = await start((_asked, reply) => json(reply, {}, 401))
    const failure = connectFirst([{ dialer, host: '127.0.0.1', port: 1 }, at(refusing)], credentials)
    await expect(failure).rejects.toThrow(/ECONNREFUSED.*refuses the kube-admin certificate/)
  })

  it('ends when the run is stopped', async () => {
    const stop = new AbortController()
    const wait = connectFirst([{ dialer: silentDialer, host: 'x', port: 1 }], credentials, stop.signal)
    setTimeout(() => stop.abort(), 20)
    await expect(wait).rejects.toMatchObject({ name: 'CancelledError' })
  })
})
