import { afterAll, beforeAll, expect, it } from 'vitest'
import { authorizationObjects } from '../../../src/addons/authorization.ts'
import { waitForBootstrap } from '../../../src/kube/client/waiting/bootstrap.ts'
import { ensureObject } from '../../../src/kube/tasks/ensure-object.ts'
import { takeLease } from '../../../src/kube/tasks/lease.ts'
import { saveStateSecret } from '../../../src/kube/tasks/state-secret.ts'
import { Secret } from '../../../src/secret.ts'
import { addonConfig } from '../../unit/addons/addon-fixture.ts'
import { type ApiServer, startApiServer } from '../support/api-server.ts'

let server: ApiServer

beforeAll(async () => {
  server = await startApiServer('answering')
})

afterAll(() => server?.[Symbol.asyncDispose]())

const LEASE = { owner: 'anna@laptop:/cluster.yml', clock: () => new Date(), force: false }
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'default', name: 'early' },
  spec: { containers: [{ name: 'c', image: 'x' }] },
}

it('an API server over an empty etcd that has only begun to answer is waited for, whatever begins first', async () => {
  const { kube } = server
  const begin = async <T>(work: () => Promise<T>): Promise<T> => {
    await waitForBootstrap(kube, 'objects')
    return work()
  }
  const [lease, authorization, copy] = await Promise.all([
    begin(() => takeLease(kube, LEASE)),
    begin(async () => {
      for (const object of authorizationObjects(addonConfig())) await ensureObject(kube, object)
      return 'done'
    }),
    begin(() => saveStateSecret(kube, new Secret('{}'))),
  ])
  await lease.release()
  expect({ authorization, copy }).toEqual({ authorization: 'done', copy: 'created' })
})

it('while there is no namespace it is ready, but takes no object; the wait says so, and ends with it', async () => {
  const { kube } = server
  // The server itself looks after it once a minute.
  await server.etcdctl('del', '/registry/namespaces/kube-system')
  const metadata = { namespace: 'kube-system', name: 'any' }
  const attempt = () => kube.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata }, { dryRun: true })
  await expect.poll(() => attempt().catch((error: unknown) => error)).toMatchObject({ status: 404 })
  expect(await kube.ready()).toMatchObject({ ok: true })
  await expect(takeLease(kube, LEASE)).rejects.toMatchObject({ status: 404 })
  const said: string[] = []
  const progress = (text: string): void => {
    if (said.push(text) === 1) void server.kubectl('create', 'namespace', 'kube-system')
  }
  await waitForBootstrap(kube, 'objects', { onProgress: progress })
  expect(new Set(said)).toEqual(new Set(['waiting: there is no Namespace kube-system yet']))
  await (await takeLease(kube, LEASE)).release()
})

it('pods are taken once the controller manager has made their ServiceAccounts', async () => {
  const { kube } = server
  await expect(kube.create(pod)).rejects.toThrow(/serviceaccount "default" not found/)
  await server.startControllers()
  await waitForBootstrap(kube, 'pods')
  await kube.create(pod)
})
