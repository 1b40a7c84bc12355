import { describe, expect, it } from 'vitest'
import { desiredNodePatch, type NodePatchInput } from '../../../src/kube/objects/desired-node-patch.ts'
import type { KubeNode, Taint } from '../../../src/kube/objects/kube-object.ts'
import { reasonText } from '../../../src/reason-text.ts'

const kubeNode: KubeNode = {
  name: 'n',
  labels: { 'kubernetes.io/hostname': 'n', 'node-role.kubernetes.io/worker': 'true' },
  annotations: { 'rke.cattle.io/external-ip': '1.2.3.4', 'rke.cattle.io/internal-ip': '10.0.0.4' },
  taints: [],
  ready: true,
  heartbeat: undefined,
  unschedulable: false,
  addresses: [],
  kubeletVersion: 'v1.31.1',
  resourceVersion: '7',
}
const worker = { address: '1.2.3.4', internalAddress: '10.0.0.4', role: ['worker'] }
const gpu = { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' } as const
const etcdTaint: Taint = { key: 'node-role.kubernetes.io/etcd', value: 'true', effect: 'NoExecute' }
const controlTaint: Taint = {
  key: 'node-role.kubernetes.io/controlplane',
  value: 'true',
  effect: 'NoSchedule',
}

function patchFor(input: Partial<NodePatchInput>) {
  const { because, ...change } = desiredNodePatch({ node: worker, kubeNode, workerDeployed: false, ...input })
  return { ...change, because: because.map(reasonText) }
}

describe('a Node that says what cluster.yml says', () => {
  it('is not changed', () => {
    expect(patchFor({})).toEqual({ because: [] })
  })

  it('keeps labels, annotations and taints that come from elsewhere', () => {
    const foreign = {
      ...kubeNode,
      labels: { ...kubeNode.labels, team: 'blue' },
      annotations: { ...kubeNode.annotations, 'flannel.alpha.coreos.com/public-ip': '1.2.3.4' },
      taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute', timeAdded: 'x' }] as const,
    }
    expect(patchFor({ kubeNode: foreign })).toEqual({ because: [] })
  })
})

describe('labels', () => {
  it('of the roles are set for held roles and removed for others', () => {
    expect(patchFor({ node: { ...worker, role: ['etcd', 'controlplane'] } })).toMatchObject({
      patch: {
        labels: {
          'node-role.kubernetes.io/etcd': 'true',
          'node-role.kubernetes.io/controlplane': 'true',
          'node-role.kubernetes.io/worker': null,
        },
      },
      because: [
        'label node-role.kubernetes.io/controlplane=true',
        'label node-role.kubernetes.io/etcd=true',
        'label node-role.kubernetes.io/worker removed',
        'taint node-role.kubernetes.io/etcd=true:NoExecute added',
        'taint node-role.kubernetes.io/controlplane=true:NoSchedule added',
      ],
    })
  })

  it("of a role that the node has not are the user's, if they give it", () => {
    const labels = { 'node-role.kubernetes.io/etcd': 'ssd', 'node-role.kubernetes.io/worker': 'mine' }
    const given = { node: { ...worker, labels }, kubeNode: { ...kubeNode, labels: {} } }
    expect(patchFor(given).patch).toEqual({
      labels: { 'node-role.kubernetes.io/etcd': 'ssd', 'node-role.kubernetes.io/worker': 'true' },
    })
    const kept = { ...kubeNode, labels: { ...labels, 'node-role.kubernetes.io/worker': 'true' } }
    expect(patchFor({ node: { ...worker, labels }, kubeNode: kept })).toEqual({ because: [] })
    expect(patchFor({ node: worker, previous: { labels }, kubeNode: kept }).because).toEqual([
      'label node-role.kubernetes.io/etcd removed',
    ])
  })

  it('of the user are set, and removed once they are no longer in cluster.yml', () => {
    const { patch, because } = patchFor({
      node: { ...worker, labels: { tier: 'front' } },
      previous: { labels: { tier: 'back', zone: 'a' } },
      kubeNode: { ...kubeNode, labels: { ...kubeNode.labels, tier: 'back', zone: 'a' } },
    })
    expect(patch).toEqual({ labels: { tier: 'front', zone: null } })
    expect(because).toEqual(['label zone removed', 'label tier=front'])
  })
})

describe('annotations', () => {
  it('are the two addresses, also where a stale internal address is there', () => {
    const stale = { ...kubeNode.annotations, 'rke.cattle.io/internal-ip': '10.9.9.9' }
    const node = { ...worker, internalAddress: '1.2.3.4' }
    expect(patchFor({ node, kubeNode: { ...kubeNode, annotations: stale } }).patch).toEqual({
      annotations: { 'rke.cattle.io/internal-ip': '1.2.3.4' },
    })
  })
})

describe('taints of the user', () => {
  it('are added, with the version of the Node that was looked at', () => {
    expect(patchFor({ node: { ...worker, taints: [gpu] } })).toEqual({
      patch: { taints: [gpu], resourceVersion: '7' },
      because: ['taint dedicated=gpu:NoSchedule added'],
    })
  })

  it('replace the one with the same key and effect', () => {
    const { patch, because } = patchFor({
      node: { ...worker, taints: [{ ...gpu, value: 'tpu' }] },
      previous: { taints: [gpu] },
      kubeNode: { ...kubeNode, taints: [gpu] },
    })
    expect(patch?.taints).toEqual([{ ...gpu, value: 'tpu' }])
    expect(because).toEqual([
      'taint dedicated=gpu:NoSchedule removed',
      'taint dedicated=tpu:NoSchedule added',
    ])
  })

  it('are removed once they are no longer in cluster.yml, unless someone changed their value', () => {
    const previous = { taints: [gpu] }
    const changed = { ...gpu, value: 'mine' }
    expect(patchFor({ previous, kubeNode: { ...kubeNode, taints: [gpu] } }).patch?.taints).toEqual([])
    expect(patchFor({ previous, kubeNode: { ...kubeNode, taints: [changed] } }).patch).toBeUndefined()
  })

  it('are ignored where they are those of a role, and where they are given twice', () => {
    const taints = [etcdTaint, controlTaint, gpu, { ...gpu, value: 'second' }]
    expect(patchFor({ node: { ...worker, taints } }).patch?.taints).toEqual([gpu])
  })
})

describe('taints of the roles', () => {
  const both = { ...worker, role: ['etcd', 'controlplane'] }
  const all = { ...worker, role: ['etcd', 'controlplane', 'worker'] }
  /** A Node that shows these roles. */
  const showing = (roles: readonly string[], taints: readonly Taint[] = []): KubeNode => ({
    ...kubeNode,
    labels: Object.fromEntries(roles.map((role) => [`node-role.kubernetes.io/${role}`, 'true'])),
    taints,
  })

  it('are set on a new node without the worker role', () => {
    expect(patchFor({ node: both, kubeNode: showing([]) }).patch?.taints).toEqual([etcdTaint, controlTaint])
  })

  it('are set on a node that loses the worker role, although none of its components is deployed', () => {
    const node = { ...worker, role: ['etcd'] }
    const { patch, because } = patchFor({ node, kubeNode: showing(['worker', 'etcd']) })
    expect(patch?.taints).toEqual([etcdTaint])
    expect(because).toContain('taint node-role.kubernetes.io/etcd=true:NoExecute added')
  })

  it('are set for a role that comes, and not again for one that stays', () => {
    const { patch } = patchFor({ node: both, kubeNode: showing(['controlplane']) })
    expect(patch?.taints).toEqual([etcdTaint])
  })

  it('stay off, if taken off by hand, while the roles stay and nothing is deployed', () => {
    expect(patchFor({ node: both, kubeNode: showing(both.role) }).patch).toBeUndefined()
    const labels = { 'node-role.kubernetes.io/worker': 'mine' }
    const labelled = { ...showing(both.role), labels: { ...showing(both.role).labels, ...labels } }
    expect(patchFor({ node: { ...both, labels }, kubeNode: labelled }).patch).toBeUndefined()
  })

  it('are set again when the components of the node are deployed', () => {
    const { patch } = patchFor({ node: both, kubeNode: showing(both.role), workerDeployed: true })
    expect(patch?.taints).toEqual([etcdTaint, controlTaint])
  })

  it('are not set where the worker role is held', () => {
    expect(patchFor({ node: all, workerDeployed: true }).patch?.taints).toBeUndefined()
  })

  it('go when the node becomes a worker', () => {
    const { patch } = patchFor({
      node: { ...worker, role: ['controlplane', 'worker'] },
      kubeNode: showing(['controlplane'], [controlTaint, gpu]),
    })
    expect(patch?.taints).toEqual([gpu])
  })

  it('go with their role', () => {
    const { patch, because } = patchFor({
      node: { ...worker, role: ['controlplane'] },
      kubeNode: showing(['controlplane', 'etcd'], [controlTaint, etcdTaint, gpu]),
    })
    expect(patch?.taints).toEqual([controlTaint, gpu])
    expect(because).toContain('taint node-role.kubernetes.io/etcd=true:NoExecute removed')
  })

  it('stay where somebody else put them on a node that was a worker before', () => {
    const tainted = showing(all.role, [controlTaint])
    expect(patchFor({ node: all, kubeNode: tainted, workerDeployed: true }).patch).toBeUndefined()
  })
})
