import { describe, expect, it } from 'vitest'
import { ApiError } from '../../../src/kube/client/api-error.ts'
import type { ConfigMap, Job, KubeSecret } from '../../../src/kube/objects/kube-object.ts'
import { fitsSecret } from '../../../src/kube/objects/secret-size.ts'
import { annotateJob, readAddon, storeConfigMap } from '../../../src/kube/tasks/addon-store.ts'
import { ensureObject, isEnsured } from '../../../src/kube/tasks/ensure-object.ts'
import { readStateSecret, saveStateSecret } from '../../../src/kube/tasks/state-secret.ts'
import { Secret } from '../../../src/secret.ts'
import { FakeKube } from '../fakes/fake-kube.ts'

const inSystem = (name: string) => ({ name, namespace: 'kube-system' })
const stateRef = { apiVersion: 'v1', kind: 'Secret', namespace: 'kube-system', name: 'full-cluster-state' }
const oldState: ConfigMap = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: inSystem('full-cluster-state'),
  data: { 'full-cluster-state': '{"old":true}' },
}

describe('the state’s copy in the cluster', () => {
  it('is an Opaque Secret that snapshots can read', async () => {
    const kube = new FakeKube()
    expect(await saveStateSecret(kube, new Secret('{"a":1}'))).toBe('created')
    expect(kube.peek<KubeSecret>(stateRef)).toMatchObject({
      type: 'Opaque',
      data: { 'full-cluster-state': Buffer.from('{"a":1}').toString('base64') },
    })
    expect((await readStateSecret(kube))?.text.reveal()).toBe('{"a":1}')
  })

  it('is left alone if it says the same, in whatever order', async () => {
    const kube = new FakeKube()
    await saveStateSecret(kube, new Secret('{"a":1,"b":2}'))
    const version = kube.peek(stateRef)?.metadata.resourceVersion
    expect(await saveStateSecret(kube, new Secret('{"b":2,"a":1}'))).toBe('unchanged')
    expect(kube.peek(stateRef)?.metadata.resourceVersion).toBe(version)
  })

  it('keeps other keys of the Secret when it is updated', async () => {
    const kube = new FakeKube()
    const data = { other: 'eA==' }
    const there: KubeSecret = { apiVersion: 'v1', kind: 'Secret', metadata: inSystem(stateRef.name), data }
    kube.put(there)
    expect(await saveStateSecret(kube, new Secret('{}'))).toBe('updated')
    expect(kube.peek<KubeSecret>(stateRef)?.data).toEqual({ other: 'eA==', 'full-cluster-state': 'e30=' })
  })

  it('is read from the ConfigMap of old releases, which the next save removes', async () => {
    const kube = new FakeKube()
    kube.put(oldState)
    const stored = await readStateSecret(kube)
    expect([stored?.from, stored?.text.reveal()]).toEqual(['ConfigMap', '{"old":true}'])
    await saveStateSecret(kube, new Secret('{}'))
    expect(kube.peek({ ...stateRef, kind: 'ConfigMap' })).toBeUndefined()
  })

  it('fits if it has no more bytes than Kubernetes lets a Secret have', () => {
    const most = 'ö'.repeat(512 * 1024)
    expect([most, `${most}x`].map((text) => fitsSecret(new Secret(text)))).toEqual([true, false])
  })

  it('is undefined where the cluster has none', async () => {
    expect(await readStateSecret(new FakeKube())).toBeUndefined()
  })
})

describe('an object that must be there', () => {
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'job-deployer' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', name: 'rke-job-deployer', namespace: 'kube-system' }],
  }

  it('is created, and not touched again', async () => {
    const kube = new FakeKube()
    expect(await isEnsured(kube, binding)).toBe(false)
    expect(await ensureObject(kube, binding)).toBe('created')
    expect(await ensureObject(kube, binding)).toBe('unchanged')
    expect(await isEnsured(kube, binding)).toBe(true)
    expect(kube.writes).toEqual(['create ClusterRoleBinding job-deployer'])
  })

  it('is corrected where it differs, and keeps what others added', async () => {
    const kube = new FakeKube()
    kube.put({
      ...binding,
      metadata: { name: 'job-deployer', labels: { team: 'blue' } },
      subjects: [],
    } as never)
    expect(await ensureObject(kube, binding)).toBe('updated')
    expect(
      kube.peek({ apiVersion: binding.apiVersion, kind: binding.kind, name: 'job-deployer' }),
    ).toMatchObject({
      ...binding,
      metadata: { labels: { team: 'blue' } },
    })
  })

  it('is made anew where the API forbids the change', async () => {
    const kube = new FakeKube()
    kube.put({ ...binding, roleRef: { ...binding.roleRef, name: 'view' } } as never)
    kube.before = ({ verb }) => {
      if (verb === 'patch') throw new ApiError('roleRef is immutable', { status: 422, reason: 'Invalid' })
    }
    expect(await ensureObject(kube, binding)).toBe('updated')
    expect(kube.writes.map((write) => write.split(' ')[0])).toEqual(['patch', 'delete', 'create'])
  })
})

describe('an addon’s ConfigMap', () => {
  const manifest = (data: Record<string, string>, labels: Record<string, string> = {}): ConfigMap => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...inSystem('rke-x'), labels },
    data,
  })

  it('is written only if the text differs, and keeps its labels', async () => {
    const kube = new FakeKube()
    kube.put(manifest({ 'rke-x': 'a', stray: 'b' }, { team: 'blue' }))
    expect(await storeConfigMap(kube, manifest({ 'rke-x': 'new' }))).toBe('updated')
    expect(await storeConfigMap(kube, manifest({ 'rke-x': 'new' }))).toBe('unchanged')
    const now = kube.peek<ConfigMap>({ apiVersion: 'v1', kind: 'ConfigMap', ...inSystem('rke-x') })
    expect(now?.data).toEqual({ 'rke-x': 'new' })
    expect(now?.metadata.labels).toEqual({ team: 'blue' })
  })

  it('is created where there is none', async () => {
    expect(await storeConfigMap(new FakeKube(), manifest({ 'rke-x': 'a' }))).toBe('created')
  })
})

describe('what the cluster keeps of an addon', () => {
  it('is its text and how its Job went', async () => {
    const kube = new FakeKube()
    expect(await readAddon(kube, 'rke-x', 'rke-x-deploy-job')).toEqual({
      job: { exists: false, complete: false, failed: false, terminating: false, annotations: {} },
    })
    const job: Job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: inSystem('rke-x-deploy-job'),
      status: { conditions: [{ type: 'Complete', status: 'True' }] },
    }
    kube.put(job)
    kube.put({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: inSystem('rke-x'),
      data: { 'rke-x': 't' },
    } as ConfigMap)
    await annotateJob(kube, 'rke-x-deploy-job', { hash: 'h' })
    expect(await readAddon(kube, 'rke-x', 'rke-x-deploy-job')).toEqual({
      text: 't',
      job: { exists: true, complete: true, failed: false, terminating: false, annotations: { hash: 'h' } },
    })
  })

  it('a Job that is absent cannot be annotated, and is not missed', async () => {
    const kube = new FakeKube()
    await annotateJob(kube, 'rke-x-deploy-job', { hash: 'h' })
    expect(kube.writes).toEqual([])
  })
})
