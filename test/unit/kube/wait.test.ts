import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { KubeClient } from '../../../src/kube/client/client.ts'
import type { ConfigMap } from '../../../src/kube/objects/kube-object.ts'
import { apiIdentities } from '../fakes/api-identities.ts'
import { DirectDialer, json, TestServer } from '../fakes/test-server.ts'

const { authority, identity, credentials } = await apiIdentities()

const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'kube-system', name: 'x' }
const withData = (value: string) => ({
  ...ref,
  metadata: { namespace: ref.namespace, name: ref.name },
  data: { value },
})

/** A collection of one object: `lists` are the replies to list after list, `watch` gets each open watch. */
async function withCollection(
  lists: readonly (readonly unknown[])[],
  watch: (send: (type: string, object: unknown) => void, reply: ServerResponse, count: number) => void,
  use: (client: KubeClient, server: TestServer) => Promise<void>,
): Promise<void> {
  let listed = 0
  let watched = 0
  await using server = await TestServer.start(
    ({ url }, reply) => {
      if (!url.includes('watch=true')) {
        const items = lists[Math.min(listed++, lists.length - 1)] ?? []
        return json(reply, { metadata: { resourceVersion: `${listed}` }, items })
      }
      reply.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
      watch((type, object) => reply.write(`${JSON.stringify({ type, object })}\n`), reply, ++watched)
    },
    { ca: authority.ca, identity },
  )
  const client = new KubeClient(
    [{ dialer: new DirectDialer(), host: '127.0.0.1', port: server.port }],
    credentials,
  )
  try {
    await use(client, server)
  } finally {
    await client.close()
  }
}

const isDone = (object: ConfigMap | undefined): boolean => object?.data?.value === 'done'
const options = { what: 'x to be done', deadlineMs: 10_000 }

describe('a wait for an object', () => {
  it('ends without a watch if it is true already', () =>
    withCollection(
      [[withData('done')]],
      () => {},
      async (client, server) => {
        expect(await client.waitFor<ConfigMap>(ref, isDone, options)).toMatchObject({
          data: { value: 'done' },
        })
        expect(server.asked).toHaveLength(1)
      },
    ))

  it('ends with the change that makes it true', () =>
    withCollection(
      [[withData('no')]],
      (send) => {
        send('MODIFIED', withData('still no'))
        send('MODIFIED', withData('done'))
      },
      async (client, server) => {
        expect(await client.waitFor<ConfigMap>(ref, isDone, options)).toMatchObject({
          data: { value: 'done' },
        })
        const watch = new URL(server.asked[1]?.url ?? '', 'https://x')
        expect(Object.fromEntries(watch.searchParams)).toEqual({
          watch: 'true',
          resourceVersion: '1',
          fieldSelector: 'metadata.name=x',
        })
      },
    ))

  it('sees that an object is gone', () =>
    withCollection(
      [[withData('no')]],
      (send) => send('DELETED', withData('no')),
      async (client) => {
        expect(await client.waitFor(ref, (object) => object === undefined, options)).toBeUndefined()
      },
    ))

  it('looks again when the server ends the watch or has forgotten the version', () =>
    withCollection(
      [[withData('no')], [withData('no')], [withData('done')]],
      (send, reply, count) => (count === 1 ? reply.end() : send('ERROR', { code: 410, reason: 'Expired' })),
      async (client, server) => {
        await client.waitFor<ConfigMap>(ref, isDone, options)
        expect(server.asked.filter(({ url }) => url.includes('watch=true'))).toHaveLength(2)
      },
    ))

  it('goes on after the connection broke', () =>
    withCollection(
      [[withData('no')], [withData('done')]],
      (_send, reply) => reply.destroy(),
      async (client) => {
        expect(await client.waitFor<ConfigMap>(ref, isDone, options)).toBeDefined()
      },
    ))

  it('ends at its deadline and says what it waited for', () =>
    withCollection(
      [[]],
      () => {},
      async (client) => {
        await expect(client.waitFor(ref, () => false, { ...options, deadlineMs: 300 })).rejects.toMatchObject(
          {
            name: 'DeadlineError',
            message: 'waited 0.3 s for x to be done',
          },
        )
      },
    ))

  it('ends when the run is stopped', () =>
    withCollection(
      [[]],
      () => {},
      async (client) => {
        const stop = new AbortController()
        const wait = client.waitFor(ref, () => false, { ...options, signal: stop.signal })
        setTimeout(() => stop.abort(), 50)
        await expect(wait).rejects.toMatchObject({ name: 'CancelledError' })
      },
    ))

  it('ends with the error that the test throws', () =>
    withCollection(
      [[]],
      (send) => send('ADDED', withData('broken')),
      async (client) => {
        const wait = client.waitFor<ConfigMap>(
          ref,
          (object) => {
            if (object?.data?.value === 'broken') throw new Error('it is broken')
            return false
          },
          options,
        )
        await expect(wait).rejects.toThrow('it is broken')
      },
    ))
})
