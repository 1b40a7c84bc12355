import { describe, expect, it } from 'vitest'
import { ApiError } from '../../../src/kube/client/api-error.ts'
import { findNode, nodeQuery } from '../../../src/kube/objects/find-node.ts'
import { syncNode, waitForNode } from '../../../src/kube/tasks/sync-node.ts'
import { FakeKube } from '../fakes/fake-kube.ts'

const node = { address: '1.2.3.4', internalAddress: '10.0.0.4', role: ['worker'], labels: { tier: 'front' } }
const input = { node, workerDeployed: false }

describe('the Node of a machine', () => {
  it('is found by its hostname label, without regard to case', async () => {
    const kube = new FakeKube()
    kube.putNode('cloud-name', { labels: { 'kubernetes.io/hostname': 'Worker-1' } })
    const nodes = await kube.listNodes()
    expect(findNode(nodes, { hostname: 'worker-1' })?.name).toBe('cloud-name')
    expect(findNode(nodes, { hostname: 'cloud-name' })).toBeUndefined()
  })

  it('is found by its internal address if the cloud names nodes', async () => {
    const kube = new FakeKube()
    kube.putNode('ip-10-0-0-4', { addresses: [{ type: 'InternalIP', address: '10.0.0.4' }] })
    const nodes = await kube.listNodes()
    expect(findNode(nodes, { hostname: 'worker-1', internalAddress: '10.0.0.4' })?.name).toBe('ip-10-0-0-4')
    expect(findNode(nodes, { hostname: 'worker-1', internalAddress: '' })).toBeUndefined()
  })
})

describe('syncing a Node', () => {
  it('writes what differs, and nothing the second time', async () => {
    const kube = new FakeKube()
    kube.putNode('n')
    expect(await syncNode(kube, 'n', input)).toContainEqual({ kind: 'label', key: 'tier', value: 'front' })
    expect(kube.peek({ apiVersion: 'v1', kind: 'Node', name: 'n' })?.metadata).toMatchObject({
      labels: { tier: 'front', 'node-role.kubernetes.io/worker': 'true' },
      annotations: { 'rke.cattle.io/external-ip': '1.2.3.4', 'rke.cattle.io/internal-ip': '10.0.0.4' },
    })
    expect(await syncNode(kube, 'n', input)).toEqual([])
    expect(kube.writes).toEqual(['patch Node n'])
  })

  it('looks again if the kubelet wrote the Node in between', async () => {
    const kube = new FakeKube()
    kube.putNode('n')
    let conflicts = 2
    kube.before = ({ verb }) => {
      if (verb === 'patch' && conflicts-- > 0)
        throw new ApiError('modified', { status: 409, reason: 'Conflict' })
    }
    await syncNode(kube, 'n', { ...input, node: { ...node, taints: [{ key: 'a', effect: 'NoSchedule' }] } })
    expect((await kube.getNode('n'))?.taints).toEqual([{ key: 'a', effect: 'NoSchedule' }])
  })

  it('gives up a Node that always conflicts', async () => {
    const kube = new FakeKube()
    kube.putNode('n')
    kube.before = ({ verb }) => {
      if (verb === 'patch') throw new ApiError('modified', { status: 409, reason: 'Conflict' })
    }
    await expect(syncNode(kube, 'n', input)).rejects.toThrow('modified')
    expect(kube.writes).toHaveLength(6)
  })
})

describe('looking for the Node of a machine', () => {
  it('reads only those that have its name, in the form kubelets give it', () => {
    expect(nodeQuery({ hostname: 'Worker-1' }).labelSelector).toBe('kubernetes.io/hostname=worker-1')
  })

  it('reads all where a cloud names them, as then an address finds it', () => {
    expect(nodeQuery({ hostname: 'worker-1', internalAddress: '10.0.0.1' }).labelSelector).toBeUndefined()
  })
})

describe('waiting for a Node', () => {
  const options = { what: 'worker-1 to register', deadlineMs: 5_000 }

  it('ends when the kubelet registers it, or when it is Ready if that is asked', async () => {
    const kube = new FakeKube()
    const registered = waitForNode(kube, { hostname: 'worker-1' }, options)
    const ready = waitForNode(kube, { hostname: 'worker-1' }, { ...options, readySince: 0 })
    kube.putNode('worker-1', { ready: false })
    expect((await registered).ready).toBe(false)
    kube.putNode('worker-1', { ready: true })
    expect((await ready).ready).toBe(true)
  })

  it('does not take the word of a kubelet that was there before', async () => {
    const kube = new FakeKube()
    const started = Date.parse('2026-01-01T12:00:07.6Z')
    kube.putNode('worker-1', { heartbeat: Date.parse('2026-01-01T12:00:06Z') })
    const ready = waitForNode(kube, { hostname: 'worker-1' }, { ...options, readySince: started })
    kube.putNode('worker-1', { ready: false, heartbeat: Date.parse('2026-01-01T12:00:07Z') })
    kube.putNode('worker-1', { heartbeat: Date.parse('2026-01-01T12:00:07Z'), labels: { now: 'yes' } })
    expect((await ready).labels).toMatchObject({ now: 'yes' })
  })

  it('fails at its deadline', async () => {
    const wait = waitForNode(new FakeKube(), { hostname: 'x' }, { ...options, deadlineMs: 20 })
    await expect(wait).rejects.toMatchObject({ name: 'DeadlineError' })
  })
})
