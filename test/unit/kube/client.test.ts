import { describe, expect, it } from 'vitest'
import { KubeError } from '../../../src/errors.ts'
import { ApiError, isAlreadyExists, isConflict } from '../../../src/kube/client/api-error.ts'
import { KubeClient } from '../../../src/kube/client/client.ts'
import type { ConfigMap } from '../../../src/kube/objects/kube-object.ts'
import { apiIdentities } from '../fakes/api-identities.ts'
import { type Answer, DirectDialer, json, TestServer } from '../fakes/test-server.ts'
import { TestAuthority } from '../fakes/test-tls.ts'

const { authority, identity, credentials } = await apiIdentities()

const configMap: ConfigMap = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'kube-system', name: 'x' },
  data: { a: 'b' },
}

/** Runs `use` with a client of a server that answers as told. */
async function withServer(
  answer: Answer,
  use: (client: KubeClient, server: TestServer) => Promise<void>,
): Promise<void> {
  await using server = await TestServer.start(answer, { ca: authority.ca, identity })
  const endpoint = { dialer: new DirectDialer(), node: '10.0.0.1', host: '127.0.0.1', port: server.port }
  const client = new KubeClient([endpoint], credentials)
  try {
    await use(client, server)
  } finally {
    await client.close()
  }
}

const status = (code: number, reason: string, message: string) => ({ kind: 'Status', code, reason, message })

describe('a connection to the API server', () => {
  it('presents the kube-admin certificate and is used again', () =>
    withServer(
      (_asked, reply) => json(reply, { gitVersion: 'v1.31.1' }),
      async (client, server) => {
        expect(await client.version()).toBe('v1.31.1')
        await client.version()
        expect(server.asked.map(({ client: name }) => name)).toEqual(['kube-admin', 'kube-admin'])
        expect(server.connections).toBe(1)
      },
    ))

  it('is refused to a server whose certificate another CA signed', async () => {
    const other = await TestAuthority.create('someone-else')
    const impostor = await other.server(['localhost'], ['127.0.0.1'])
    await using server = await TestServer.start((_asked, reply) => json(reply, {}), {
      ca: other.ca,
      identity: impostor,
    })
    const client = new KubeClient(
      [{ dialer: new DirectDialer(), host: '127.0.0.1', port: server.port }],
      credentials,
    )
    const failure = await client.version().catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(KubeError)
    expect(String(failure)).toContain('no TLS connection to 127.0.0.1')
    expect(server.asked).toEqual([])
    await client.close()
  })

  it('is refused to a server whose certificate names another address', async () => {
    const elsewhere = await authority.server(['localhost'], ['10.0.0.9'])
    await using server = await TestServer.start((_asked, reply) => json(reply, {}), {
      ca: authority.ca,
      identity: elsewhere,
    })
    const client = new KubeClient(
      [{ dialer: new DirectDialer(), host: '127.0.0.1', port: server.port }],
      credentials,
    )
    await expect(client.version()).rejects.toThrow(/IP: 127\.0\.0\.1 is not in the cert's list/)
    expect(server.asked).toEqual([])
    await client.close()
  })

  it('goes to the next control plane node when the first does not answer', async () => {
    await using server = await TestServer.start((_asked, reply) => json(reply, { gitVersion: 'v1.30.4' }), {
      ca: authority.ca,
      identity,
    })
    const dialer = new DirectDialer()
    const client = new KubeClient(
      [
        { dialer, host: '127.0.0.1', port: 1 },
        { dialer, host: '127.0.0.1', port: server.port },
      ],
      credentials,
    )
    expect(await client.version()).toBe('v1.30.4')
    expect(dialer.dialled).toEqual(['127.0.0.1:1', `127.0.0.1:${server.port}`])
    await client.close()
  })
})

describe('a failed request', () => {
  it('reads as undefined where the object is absent', () =>
    withServer(
      (_asked, reply) => json(reply, status(404, 'NotFound', 'not found'), 404),
      async (client) => {
        expect(await client.read({ apiVersion: 'v1', kind: 'Node', name: 'n' })).toBeUndefined()
        await client.deleteNode('n')
      },
    ))

  it('tells a conflict from an object that exists already', () =>
    withServer(
      ({ method }, reply) =>
        json(reply, status(409, method === 'POST' ? 'AlreadyExists' : 'Conflict', 'no'), 409),
      async (client) => {
        const created = await client.create(configMap).catch((error: unknown) => error)
        const replaced = await client.replace(configMap).catch((error: unknown) => error)
        expect([isAlreadyExists(created), isConflict(created)]).toEqual([true, false])
        expect([isAlreadyExists(replaced), isConflict(replaced)]).toEqual([false, true])
      },
    ))

  it('says what was done to which object, the status, the API server’s words and what to do', () =>
    withServer(
      (_asked, reply) => json(reply, status(403, 'Forbidden', 'nodes is forbidden'), 403),
      async (client) => {
        const failure = await client.patchNode('worker-1', { unschedulable: true }).catch((e: unknown) => e)
        expect(failure).toBeInstanceOf(ApiError)
        expect(failure).toMatchObject({
          message: 'the API server answered 403 Forbidden: nodes is forbidden',
          status: 403,
          reason: 'Forbidden',
          hint: expect.stringContaining('kube-admin'),
        })
      },
    ))

  it('is tried again if it was a read and the server was not well', async () => {
    let count = 0
    await withServer(
      (_asked, reply) =>
        ++count < 3 ? json(reply, status(503, '', 'starting'), 503) : json(reply, { gitVersion: 'v1.31.1' }),
      async (client) => expect(await client.version()).toBe('v1.31.1'),
    )
  })

  it('is tried again if the reply to a create was lost, and is done if the object is there', async () => {
    let created: unknown
    await withServer(
      ({ method, body }, reply) => {
        if (method === 'GET') json(reply, created)
        else if (created === undefined) {
          created = { ...JSON.parse(body), status: 'filled in by the server' }
          reply.destroy()
        } else json(reply, status(409, 'AlreadyExists', 'already exists'), 409)
      },
      async (client, server) => {
        expect(await client.create(configMap)).toMatchObject(configMap)
        expect(server.asked.map(({ method }) => method)).toEqual(['POST', 'POST', 'GET'])
      },
    )
  })

  it('is no success if another object of that name is there', async () => {
    let count = 0
    await withServer(
      ({ method }, reply) => {
        if (method === 'GET') json(reply, { ...configMap, data: { a: 'of somebody else' } })
        else if (++count === 1) reply.destroy()
        else json(reply, status(409, 'AlreadyExists', 'already exists'), 409)
      },
      async (client) => {
        await expect(client.create(configMap)).rejects.toThrow('409 AlreadyExists')
      },
    )
  })

  it('names the node whose API server hung up', async () => {
    await withServer(
      (_asked, reply) => reply.destroy(),
      async (client, server) => {
        const failure = await client.create(configMap).catch((error: unknown) => error)
        expect(failure).toMatchObject({
          message: 'the API server does not answer: socket hang up',
          host: '10.0.0.1',
          hint: expect.stringContaining('kube-apiserver'),
        })
        expect(server.asked).toHaveLength(4)
      },
    )
  })

  it('ends at once when the run is stopped', () =>
    withServer(
      () => {},
      async (client) => {
        const stop = new AbortController()
        const asked = client.version(stop.signal)
        stop.abort()
        await expect(asked).rejects.toMatchObject({ name: 'CancelledError' })
      },
    ))
})

describe('requests', () => {
  it('fetch a long list page by page', () =>
    withServer(
      ({ url }, reply) => {
        const from = new URL(url, 'http://x').searchParams.get('continue')
        const item = { metadata: { namespace: 'a', name: from ?? 'first' } }
        json(reply, { metadata: from === null ? { continue: 'second' } : {}, items: [item] })
      },
      async (client, server) => {
        const secrets = await client.list({ apiVersion: 'v1', kind: 'Secret' })
        expect(secrets).toEqual([
          { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'a', name: 'first' } },
          { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'a', name: 'second' } },
        ])
        expect(server.asked.map(({ url }) => url)).toEqual([
          '/api/v1/secrets?limit=500',
          '/api/v1/secrets?limit=500&continue=second',
        ])
      },
    ))

  it('change a Node by merge patch, with the version that was looked at', () =>
    withServer(
      (_asked, reply) => json(reply, { metadata: { name: 'n' } }),
      async (client, server) => {
        await client.patchNode('n', {
          labels: { tier: 'front', old: null },
          taints: [],
          resourceVersion: '7',
        })
        expect(server.asked[0]).toMatchObject({
          method: 'PATCH',
          url: '/api/v1/nodes/n',
          type: 'application/merge-patch+json',
        })
        expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual({
          metadata: { labels: { tier: 'front', old: null }, resourceVersion: '7' },
          spec: { taints: null },
        })
      },
    ))

  it('look up kinds this program does not know, once', () =>
    withServer(
      ({ url }, reply) =>
        url === '/apis/policy/v1'
          ? json(reply, {
              resources: [
                { name: 'poddisruptionbudgets', kind: 'PodDisruptionBudget', namespaced: true },
                { name: 'poddisruptionbudgets/status', kind: 'PodDisruptionBudget', namespaced: true },
              ],
            })
          : json(reply, { metadata: { namespace: 'a', name: 'b' } }),
      async (client, server) => {
        const ref = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', namespace: 'a', name: 'b' }
        await client.read(ref)
        await client.read(ref)
        const path = '/apis/policy/v1/namespaces/a/poddisruptionbudgets/b'
        expect(server.asked.map(({ url }) => url)).toEqual(['/apis/policy/v1', path, path])
      },
    ))

  it('look up the kinds that names mean in every version of a group, and leave aggregated APIs alone', () => {
    const group = (...versions: readonly string[]) => {
      const all = versions.map((groupVersion) => ({ groupVersion }))
      return { versions: all, preferredVersion: all[0] }
    }
    const kind = (name: string, verbs = ['list', 'update']) => ({ name, kind: name, verbs })
    const replies: Readonly<Record<string, unknown>> = {
      '/apis': { groups: [group('a.io/v1', 'a.io/v1alpha3'), group('b.io/v1'), group('metrics.k8s.io/v1')] },
      '/apis/apiregistration.k8s.io/v1/apiservices': {
        items: [
          { spec: { group: 'a.io', version: 'v1' } },
          { spec: { group: 'metrics.k8s.io', version: 'v1', service: { name: 'metrics-server' } } },
        ],
      },
      '/api/v1': { resources: [kind('secrets'), kind('secrets/status'), kind('bindings', ['create'])] },
      '/apis/a.io/v1': { resources: [kind('both')] },
      '/apis/a.io/v1alpha3': { resources: [kind('both'), kind('filters')] },
      '/apis/b.io/v1': { resources: [kind('others')] },
    }
    return withServer(
      ({ url = '' }, reply) => json(reply, replies[url] ?? {}, url in replies ? 200 : 503),
      async (client, server) => {
        const found = async (...names: readonly string[]) =>
          (await client.servedKinds(names)).map(({ apiVersion, resource }) => `${apiVersion} ${resource}`)
        const inA = ['a.io/v1 both.a.io', 'a.io/v1alpha3 filters.a.io']
        expect(await found('secrets', 'filters.a.io')).toEqual(['v1 secrets', ...inA])
        expect(server.asked.map(({ url }) => url)).not.toContain('/apis/b.io/v1')
        expect(await found('*.*')).toEqual(['v1 secrets', ...inA, 'b.io/v1 others.b.io'])
      },
    )
  })

  it('evict with the older API version where the server knows no other', async () => {
    const asked: string[] = []
    await withServer(
      ({ body }, reply) => {
        const { apiVersion } = JSON.parse(body)
        asked.push(apiVersion)
        json(reply, {}, apiVersion === 'policy/v1' ? 400 : 201)
      },
      async (client) => {
        expect(await client.evict({ namespace: 'a', name: 'b' })).toBe('evicted')
        expect(await client.evict({ namespace: 'a', name: 'c' })).toBe('evicted')
      },
    )
    expect(asked).toEqual(['policy/v1', 'policy/v1beta1', 'policy/v1beta1'])
  })

  it('ask a server that has no /readyz for its health', async () => {
    await withServer(
      ({ url }, reply) => json(reply, {}, url === '/healthz' ? 200 : 404),
      async (client) => expect(await client.ready()).toEqual({ ok: true, detail: 'ok' }),
    )
  })

  it('tell an evicted pod from one that is gone and one that a budget protects', async () => {
    const statuses = [201, 404, 429]
    await withServer(
      (_asked, reply) => json(reply, {}, statuses.shift()),
      async (client) => {
        const pod = { namespace: 'a', name: 'b' }
        expect(await client.evict(pod)).toBe('evicted')
        expect(await client.evict(pod)).toBe('gone')
        expect(await client.evict(pod)).toBe('blocked')
      },
    )
  })
})
