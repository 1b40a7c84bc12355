import { describe, expect, it } from 'vitest'
import { stepInfo } from '../../../src/actions/actions.ts'
import { planRemoval } from '../../../src/plan/plan-removal.ts'
import { config, desiredNodes } from '../fixture.ts'
import { emptyNode, healthyNode } from './support.ts'

const [master] = desiredNodes
if (master === undefined) throw new TypeError('the recorded cluster has no node')
const { address } = master.node
const container = (name: string) => ({
  id: name,
  names: [name],
  state: 'running',
  image: 'i',
  labels: {},
  created: 0,
})

const removalOf = (names: readonly string[], options = { snapshots: false }) => {
  const node = { ...healthyNode(master), all: names.map(container) }
  return planRemoval(config, new Map([[address, node]]), options).actions
}

describe('planRemoval', () => {
  it("removes services, their parked predecessors, helpers and RKE's leftovers, and nothing else", () => {
    const ours = ['etcd', 'old-kubelet', 'file-deployer', 'cluster-state-deployer']
    const removed = removalOf([...ours, 'my-database', 'registry', 'old-backup']).flatMap((action) =>
      action.kind === 'container.remove' ? [action.name] : [],
    )
    expect(removed).toEqual(ours)
  })

  it('removes the kubelet before anything else, so that it starts no pod again', () => {
    const others = removalOf(['kubelet', 'kube-proxy', 'etcd']).filter(({ id }) => !id.endsWith('/kubelet'))
    expect(others.every(({ after }) => after.includes(`node/${address}/leftover/kubelet`))).toBe(true)
  })

  it('counts the containers of pods, by name or label, and leaves each of them to the cleaning', () => {
    const labels = { 'io.kubernetes.pod.name': 'web' }
    const all = [
      ...['kubelet', 'k8s_POD_web', 'k8s_web_web', 'my-database'].map(container),
      { ...container('renamed'), labels },
    ]
    const { actions } = planRemoval(config, new Map([[address, { ...healthyNode(master), all }]]), {
      snapshots: false,
    })
    expect(actions.map(({ kind }) => kind)).toEqual(['container.remove', 'host.clean'])
    expect(actions.map((action) => stepInfo(action).title)).toEqual([
      'remove container kubelet',
      "remove 3 pod containers, and the cluster's processes, mounts, folders, network devices and packet filter rules",
    ])
  })

  it('removes pods from a machine that has no image to clean it with', () => {
    const node = { ...emptyNode(master), all: [container('k8s_POD_web')] }
    const { actions } = planRemoval(config, new Map([[address, node]]), { snapshots: false })
    expect(actions.map((action) => stepInfo(action).title)).toEqual(['remove 1 pod container'])
  })

  it('cleans the machine when all containers are gone', () => {
    const actions = removalOf(['kubelet', 'etcd'])
    const clean = actions.find(({ kind }) => kind === 'host.clean')
    expect(clean?.after).toEqual([`node/${address}/leftover/kubelet`, `node/${address}/leftover/etcd`])
  })

  it('goes on with what an interrupted cleaning left, with the image that it had', () => {
    const node = { ...emptyNode(master), all: [{ ...container('host-cleaner'), image: 'hyperkube:before' }] }
    const { actions } = planRemoval(config, new Map([[address, node]]), { snapshots: false })
    // The helper is what tells of it, and is taken away by the next one itself.
    expect(actions).toMatchObject([{ kind: 'host.clean', image: 'hyperkube:before' }])
  })

  it('cleans up after every network plugin, because nobody knows which ones a machine has had', () => {
    const [clean] = removalOf([]).filter((action) => action.kind === 'host.clean')
    const isDevice = new RegExp(`^(?:${clean?.devices.join('|')})$`)
    const devices = ['cni0', 'flannel.1', 'flannel-v6.1', 'flannel.4096', 'kube-ipvs0', 'kube-bridge']
    const others = ['nodelocaldns', 'vxlan.calico', 'vxlan-v6.calico', 'weave', 'cali0123456789a']
    expect([...devices, ...others].filter((name) => !isDevice.test(name))).toEqual([])
    expect(
      ['eth0', 'docker0', 'weave0', 'flannel.2', 'calico'].filter((name) => isDevice.test(name)),
    ).toEqual([])
    const isRule = new RegExp(clean?.packetFilterRules.join('|') ?? '')
    const rules = [
      ':KUBE-SERVICES',
      '-A CNI-HOSTPORT',
      ':FLANNEL-FWD',
      ':WEAVE-NPC',
      ':cali-FORWARD',
      '-A felix-x',
    ]
    const comments = ['--comment "flanneld masq" -j RETURN', '--comment "cni portmap" -j X']
    expect([...rules, ...comments].filter((rule) => !isRule.test(rule))).toEqual([])
    expect(isRule.test('-A FORWARD -j DOCKER-USER')).toBe(false)
    expect(clean?.ipSets).toEqual(['KUBE', 'cali'])
    expect(clean?.folders).toEqual(expect.arrayContaining(['/run/calico', '/run/flannel', '/var/lib/calico']))
  })

  it('keeps snapshots unless it is told otherwise', () => {
    const folders = (snapshots: boolean) =>
      removalOf([], { snapshots }).flatMap((action) => (action.kind === 'host.clean' ? action.folders : []))
    expect(folders(false)).not.toContain('/opt/rke/etcd-snapshots')
    expect(folders(true)).toContain('/opt/rke/etcd-snapshots')
  })

  it('deletes what an unfinished restore or verification has left, which holds all Secrets', () => {
    const folders = removalOf([], { snapshots: false }).flatMap((action) =>
      action.kind === 'host.clean' ? action.folders : [],
    )
    expect(folders.filter((path) => path.startsWith('/opt/rke'))).toEqual([
      '/opt/rke/etcd-snapshots-restore',
      '/opt/rke/etcd-snapshots-source',
      '/opt/rke/etcd-snapshots-verify',
    ])
  })

  it('looks below the prefix path of systems that have one', () => {
    const node = healthyNode(master)
    const flatcar = { ...node, facts: { ...node.facts, operatingSystem: 'Flatcar Container Linux' } }
    const [clean] = planRemoval(config, new Map([[address, flatcar]]), { snapshots: false }).actions.filter(
      ({ kind }) => kind === 'host.clean',
    )
    expect(clean?.kind === 'host.clean' && clean.folders).toContain('/opt/rke/var/lib/etcd')
  })

  it('has nothing to do on a machine that never had a cluster', () => {
    expect(
      planRemoval(config, new Map([[address, emptyNode(master)]]), { snapshots: false }).actions,
    ).toEqual([])
  })
})
