import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isConflict } from '../../../src/kube/client/api-error.ts'
import { connectFirst } from '../../../src/kube/client/connect.ts'
import { drain } from '../../../src/kube/drain/drain.ts'
import {
  type ConfigMap,
  type Job,
  type KubeObject,
  type Pod,
  refOf,
} from '../../../src/kube/objects/kube-object.ts'
import { readAddon, storeConfigMap } from '../../../src/kube/tasks/addon-store.ts'
import { ensureObject } from '../../../src/kube/tasks/ensure-object.ts'
import { rewriteObjects } from '../../../src/kube/tasks/rewrite-objects.ts'
import { runJob } from '../../../src/kube/tasks/run-job.ts'
import { readStateSecret, saveStateSecret } from '../../../src/kube/tasks/state-secret.ts'
import { syncNode, waitForNode } from '../../../src/kube/tasks/sync-node.ts'
import { Secret } from '../../../src/secret.ts'
import { DirectDialer, silentDialer } from '../../unit/fakes/test-server.ts'
import { type ApiServer, startApiServer } from '../support/api-server.ts'
import { CertificateFiles } from '../support/certificate-files.ts'
import { ownAddress } from '../support/loopback.ts'

let server: ApiServer

beforeAll(async () => {
  server = await startApiServer()
})

afterAll(() => server?.[Symbol.asyncDispose]())

function nodeObject(name: string): KubeObject {
  const labels = { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', foreign: 'kept' }
  const status = {
    conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: new Date().toISOString() }],
  }
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, status }
  return node
}

/** Changes the status of a pod as a kubelet does. */
function setPodStatus(pod: Pod, status: NonNullable<Pod['status']>): Promise<string> {
  const { namespace = '', name } = pod.metadata
  const patch = JSON.stringify({ status })
  return server.kubectl(
    '-n',
    namespace,
    'patch',
    'pod',
    name,
    '--subresource=status',
    '--type=merge',
    '-p',
    patch,
  )
}

describe('connecting to a real API server', () => {
  it('gives its version and readiness, with the certificates this program makes', async () => {
    expect(await server.kube.version()).toBe('v1.31.1')
    expect(await server.kube.ready()).toEqual({ ok: true, detail: 'ok' })
  })

  it('goes past control plane nodes that do not answer', async () => {
    const credentials = server.certificates.credentials('kube-admin')
    const dialer = new DirectDialer()
    const endpoints = [
      { dialer: silentDialer, host: ownAddress(9), port: 6443 },
      { dialer, host: ownAddress(8), port: 6443 },
      { dialer, host: server.address, port: 6443 },
    ]
    const kube = await connectFirst(endpoints, credentials)
    expect(await kube.version()).toBe('v1.31.1')
    await kube.close()
  })

  it('fails with a reason where the CA is that of another cluster', async () => {
    const other = await CertificateFiles.create([server.address])
    const { cert, key } = server.certificates.credentials('kube-admin')
    const { ca } = other.credentials('kube-admin')
    const at = { dialer: new DirectDialer(), host: server.address, port: 6443 }
    await expect(connectFirst([at], { ca, cert, key })).rejects.toThrow('no control plane node answers')
    const stranger = other.credentials('kube-admin')
    const known = server.certificates.credentials('kube-admin').ca
    await expect(connectFirst([at], { ...stranger, ca: known })).rejects.toThrow(/refuses|alert|TLS/)
    other[Symbol.dispose]()
  })
})

describe('a real Node', () => {
  const node = {
    address: '203.0.113.1',
    internalAddress: '10.0.0.1',
    role: ['etcd', 'controlplane'],
    labels: { tier: 'front' },
    taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }],
  }

  it('is waited for until it registers', async () => {
    const waiting = waitForNode(
      server.kube,
      { hostname: 'worker-1' },
      { what: 'worker-1 to register', deadlineMs: 20_000 },
    )
    await server.kube.create(nodeObject('worker-1'))
    expect((await waiting).name).toBe('worker-1')
  })

  it('gets its labels, annotations and taints, and is not written a second time', async () => {
    const { kube } = server
    expect(await syncNode(kube, 'worker-1', { node, workerDeployed: true })).toContainEqual({
      kind: 'label',
      key: 'tier',
      value: 'front',
    })
    const now = await kube.getNode('worker-1')
    expect(now?.labels).toMatchObject({
      tier: 'front',
      foreign: 'kept',
      'node-role.kubernetes.io/etcd': 'true',
    })
    const taints = now?.taints.map(({ key, value, effect }) => `${key}=${value}:${effect}`)
    expect(taints).toEqual(
      expect.arrayContaining([
        'dedicated=gpu:NoSchedule',
        'node-role.kubernetes.io/etcd=true:NoExecute',
        'node-role.kubernetes.io/controlplane=true:NoSchedule',
      ]),
    )
    expect(await syncNode(kube, 'worker-1', { node, workerDeployed: true })).toEqual([])
    expect((await kube.getNode('worker-1'))?.resourceVersion).toBe(now?.resourceVersion)
  })

  it('loses what is no longer in cluster.yml', async () => {
    const worker = { ...node, role: ['controlplane', 'worker'], labels: {}, taints: [] }
    await syncNode(server.kube, 'worker-1', { node: worker, previous: node, workerDeployed: false })
    const now = await server.kube.getNode('worker-1')
    expect(now?.labels).not.toHaveProperty('tier')
    expect(now?.labels).not.toHaveProperty(['node-role.kubernetes.io/etcd'])
    expect(now?.taints.filter(({ key }) => !key.startsWith('node.kubernetes.io/'))).toEqual([])
  })

  it('is not changed by a patch that was made from an older version', async () => {
    const seen = await server.kube.getNode('worker-1')
    await server.kube.patchNode('worker-1', { unschedulable: true })
    const patch = { taints: [], resourceVersion: seen?.resourceVersion ?? '' }
    expect(isConflict(await server.kube.patchNode('worker-1', patch).catch((e: unknown) => e))).toBe(true)
    await server.kube.patchNode('worker-1', { unschedulable: false })
    expect((await server.kube.getNode('worker-1'))?.unschedulable).toBe(false)
  })
})

describe('objects this program keeps in a real cluster', () => {
  it('the state’s copy is created once, compared, updated, and replaces the old ConfigMap', async () => {
    const { kube } = server
    const metadata = { namespace: 'kube-system', name: 'full-cluster-state' }
    const old: ConfigMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { [metadata.name]: '{"o":1}' },
    }
    await kube.create(old)
    expect((await readStateSecret(kube))?.from).toBe('ConfigMap')
    expect(await saveStateSecret(kube, new Secret('{"a":1}'))).toBe('created')
    expect(await saveStateSecret(kube, new Secret('{ "a": 1 }'))).toBe('unchanged')
    expect(await saveStateSecret(kube, new Secret('{"a":2}'))).toBe('updated')
    expect((await readStateSecret(kube))?.text.reveal()).toBe('{"a":2}')
    expect(await kube.read(refOf(old))).toBeUndefined()
  })

  it('a binding whose role cannot be changed is made anew', async () => {
    const { kube } = server
    const binding = (role: string) => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'job-deployer' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects: [{ kind: 'ServiceAccount', name: 'rke-job-deployer', namespace: 'kube-system' }],
    })
    expect(await ensureObject(kube, binding('view'))).toBe('created')
    expect(await ensureObject(kube, binding('view'))).toBe('unchanged')
    expect(await ensureObject(kube, binding('cluster-admin'))).toBe('updated')
    expect(await ensureObject(kube, binding('cluster-admin'))).toBe('unchanged')
  })

  it('all Secrets are rewritten, page by page', async () => {
    const { kube } = server
    const secrets = await kube.list({ apiVersion: 'v1', kind: 'Secret' })
    expect(await rewriteObjects(kube, [{ apiVersion: 'v1', kind: 'Secret' }], { pageSize: 1 })).toBe(
      secrets.length,
    )
    expect(await kube.list({ apiVersion: 'v1', kind: 'Secret' })).toEqual(secrets)
  })
})

describe('an addon Job in a real cluster', () => {
  const name = 'rke-x'
  const job: Job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: `${name}-deploy-job`, namespace: 'kube-system' },
    spec: {
      backoffLimit: 10,
      template: {
        metadata: { name: 'rke-deploy' },
        spec: { restartPolicy: 'Never', nodeName: 'worker-1', containers: [{ name: 'c', image: 'x' }] },
      },
    },
  }
  const podsOfJob = {
    apiVersion: 'v1',
    kind: 'Pod',
    namespace: 'kube-system',
    labelSelector: `job-name=${name}-deploy-job`,
  }

  /** Plays the kubelet: gives the Job's next pod a status. */
  async function nextPod(status: NonNullable<Pod['status']>, after = ''): Promise<string> {
    const fresh = (pod: Pod): boolean => pod.metadata.name !== after && pod.status?.phase === 'Pending'
    const wait = { what: 'the pod', deadlineMs: 20_000 }
    const pods = await server.kube.waitForList<Pod>(podsOfJob, (all) => all.some(fresh), wait)
    const pod = pods.find(fresh)
    if (pod === undefined) return ''
    await setPodStatus(pod, status)
    return pod.metadata.name
  }

  it('is waited for until it completes, and then leaves what a later run looks for', async () => {
    const { kube } = server
    const manifest: ConfigMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'kube-system' },
      data: { [name]: 'text' },
    }
    expect(await storeConfigMap(kube, manifest)).toBe('created')
    expect(await storeConfigMap(kube, manifest)).toBe('unchanged')
    await Promise.all([runJob(kube, job, { deadlineMs: 30_000 }), nextPod({ phase: 'Succeeded' })])
    expect(await readAddon(kube, name, job.metadata.name)).toMatchObject({
      text: 'text',
      job: { exists: true, complete: true, failed: false },
    })
  })

  it('takes the place of the one before it, pods included', async () => {
    const { kube } = server
    const [before] = await kube.list<Pod>(podsOfJob)
    const second = nextPod({ phase: 'Succeeded' }, before?.metadata.name)
    await Promise.all([runJob(kube, job, { deadlineMs: 30_000 }), second])
    expect((await kube.list<Pod>(podsOfJob)).map((pod) => pod.metadata.name)).toEqual([await second])
  })

  it('whose image cannot be pulled fails as soon as the kubelet says so', async () => {
    const { kube } = server
    const [before] = await kube.list<Pod>(podsOfJob)
    const waiting = { reason: 'ImagePullBackOff', message: 'Back-off pulling image "x"' }
    const containerStatuses = [
      { name: 'c', image: 'x', imageID: '', ready: false, restartCount: 0, state: { waiting } },
    ]
    const started = Date.now()
    const [outcome] = await Promise.allSettled([
      runJob(kube, job, { deadlineMs: 60_000 }),
      nextPod({ phase: 'Pending', containerStatuses }, before?.metadata.name),
    ])
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: {
        name: 'AddonError',
        message: expect.stringContaining('ImagePullBackOff: Back-off pulling image "x"'),
      },
    })
    expect(Date.now() - started).toBeLessThan(30_000)
  })
})

describe('draining a real Node', () => {
  it('waits for a disruption budget, which a real API server answers with 429', async () => {
    const { kube } = server
    const metadata = { namespace: 'default', name: 'web', labels: { app: 'web' } }
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: { nodeName: 'worker-1', containers: [{ name: 'c', image: 'x' }] },
    }
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'default', name: 'default' }
    await kube.waitFor(account, (found) => found !== undefined, { what: 'the account', deadlineMs: 20_000 })
    const created: Pod = await kube.create(pod)
    await setPodStatus(created, { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] })
    const budget = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { namespace: 'default', name: 'web' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
    }
    await kube.create(budget)
    await kube.waitFor<KubeObject & { status?: { observedGeneration?: number } }>(
      { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', namespace: 'default', name: 'web' },
      (found) => found?.status?.observedGeneration !== undefined,
      { what: 'the budget', deadlineMs: 20_000 },
    )
    expect(await kube.evict(metadata)).toBe('blocked')
    const options = {
      force: true,
      ignoreDaemonSets: true,
      deleteLocalData: true,
      leaves: true,
      gracePeriod: 0,
    }
    await expect(drain(kube, 'worker-1', { ...options, deadlineMs: 1_500 })).rejects.toThrow('default/web')
    await kube.delete({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      namespace: 'default',
      name: 'web',
    })
    await drain(kube, 'worker-1', { ...options, deadlineMs: 30_000 })
    expect(await kube.listPods({ namespace: 'default' })).toEqual([])
  })

  it('leaves a Node that can be deleted, twice', async () => {
    await server.kube.deleteNode('worker-1')
    await server.kube.deleteNode('worker-1')
    expect(await server.kube.listNodes()).toEqual([])
  })
})
