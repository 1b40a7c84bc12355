import { expect, it } from 'vitest'
import { reachKubelet } from '../../../src/kube/client/reach-kubelet.ts'
import { apiIdentities } from '../fakes/api-identities.ts'
import { type Answer, ChannelDialer, json, TestServer } from '../fakes/test-server.ts'

const { authority, identity, credentials } = await apiIdentities()

/** What comes of it with an API server that answers so. */
async function reach(answer: Answer) {
  await using server = await TestServer.start(answer, { ca: authority.ca, identity })
  const endpoint = { dialer: new ChannelDialer(), host: '127.0.0.1', port: server.port }
  return await reachKubelet(endpoint, credentials, 'worker-1')
}

it('asks for a connection of its own to the kubelet, and takes whatever the kubelet says for an answer', async () => {
  let asked = ''
  const reached = await reach(({ method, url, client }, reply) => {
    const { upgrade } = reply.req.headers
    asked = `${client} ${method} ${url} ${upgrade}`
    reply.writeHead(404).end('404 page not found\n')
  })
  expect(asked).toMatch(/^kube-admin GET \/api\/v1\/nodes\/worker-1\/proxy\/\S+ SPDY\/3\.1$/)
  expect(reached).toEqual({ ok: true, detail: '' })
})

it('has not reached the kubelet where the API server answers for it', async () => {
  const message = 'error dialing backend: write tcp: use of closed network connection'
  const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code: 500 }
  expect(await reach((_asked, reply) => json(reply, status, 500))).toEqual({ ok: false, detail: message })
  const missing = { ...status, message: 'nodes "worker-1" not found', code: 404 }
  expect(await reach((_asked, reply) => json(reply, missing, 404))).toMatchObject({ ok: false })
})

it('has not reached the kubelet where the API server does not answer', async () => {
  expect(await reach((_asked, reply) => reply.destroy())).toMatchObject({ ok: false })
})
