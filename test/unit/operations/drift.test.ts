import { expect, test } from 'vitest'
import type { KubeObject, ObjectRef } from '../../../src/kube/objects/kube-object.ts'
import type { Inode } from '../../sim/disk.ts'
import type { SimWorld } from '../../sim/sim-world.ts'
import { ALL_ROLES, MIXED_ROLES } from './clusters.ts'
import { expectTidy } from './crash.ts'
import { reasonsOf, Scenario } from './support.ts'

const MASTER = '10.66.0.11'
const WORKER = '10.66.0.12'
const RBAC = 'rbac.authorization.k8s.io/v1'
const NOT_ASKED = ['the Kubernetes API does not answer']
const STARTED = ['it was started in this run']

function changeAccess(world: SimWorld, address: string, path: string, access: Partial<Inode>): void {
  const inode = world.machine(address).disk.at(path)
  if (inode === undefined) throw new TypeError(`there is no ${path}`)
  Object.assign(inode, access)
}

const inSystem = (apiVersion: string, kind: string, name: string): ObjectRef => ({
  apiVersion,
  kind,
  namespace: 'kube-system',
  name,
})
const kubeNode = (name: string): ObjectRef => ({ apiVersion: 'v1', kind: 'Node', name })

interface Drift {
  readonly what: string
  readonly damage: (scenario: Scenario) => unknown
  /** Ids of the repair with their reasons. */
  readonly plan: Readonly<Record<string, readonly string[]>>
  /** Pairs of steps of which the first waits for the second. */
  readonly order?: readonly (readonly [string, string])[]
}

/** What is planned for everything that only the API can tell while it does not answer. */
const EVERYTHING_IN_KUBERNETES = {
  'cluster/authorization': NOT_ASKED,
  'cluster/state-copy': NOT_ASKED,
  'node/10.66.0.11/labels': NOT_ASKED,
  'node/10.66.0.12/labels': NOT_ASKED,
  'node/10.66.0.13/labels': NOT_ASKED,
  'node/10.66.0.11/uncordon': NOT_ASKED,
  'node/10.66.0.12/uncordon': NOT_ASKED,
  'node/10.66.0.13/uncordon': NOT_ASKED,
  'cluster/addon/rke-network-plugin': NOT_ASKED,
  'cluster/addon/rke-coredns-addon': NOT_ASKED,
  'cluster/addon/rke-metrics-addon': NOT_ASKED,
}

const DRIFTS: readonly Drift[] = [
  {
    what: 'a container was removed',
    damage: ({ world }) => world.machine(WORKER).docker.remove('kube-proxy', true),
    plan: {
      [`node/${WORKER}/container/kube-proxy`]: ['container is missing'],
      [`node/${WORKER}/health/kube-proxy`]: STARTED,
    },
  },
  {
    what: 'the kubelet was removed',
    damage: ({ world }) => world.machine(WORKER).docker.remove('kubelet', true),
    plan: {
      [`node/${WORKER}/container/kubelet`]: ['container is missing'],
      [`node/${WORKER}/health/kubelet`]: STARTED,
      [`node/${WORKER}/ready`]: ['its kubelet was started'],
    },
  },
  {
    what: 'the container that lends its volume was removed',
    damage: ({ world }) => world.machine(WORKER).docker.remove('service-sidekick', true),
    plan: { [`node/${WORKER}/container/service-sidekick`]: ['container is missing'] },
  },
  {
    what: 'a container was stopped',
    damage: ({ world }) => world.machine(MASTER).docker.stop('kube-scheduler'),
    plan: {
      [`node/${MASTER}/container/kube-scheduler`]: ['container is exited (exit code 0)'],
      [`node/${MASTER}/health/kube-scheduler`]: STARTED,
    },
  },
  {
    what: 'a container was made anew with another environment',
    damage: ({ world }) => {
      const { docker } = world.machine(WORKER)
      const { spec } = docker.find('nginx-proxy')
      docker.remove('nginx-proxy', true)
      docker.create('nginx-proxy', { ...spec, Env: ['CP_HOSTS=10.0.0.1'] })
      docker.start('nginx-proxy')
    },
    plan: {
      [`node/${WORKER}/container/nginx-proxy`]: ['environment variable CP_HOSTS'],
    },
  },
  {
    what: 'the API server was stopped',
    damage: ({ world }) => world.machine(MASTER).docker.stop('kube-apiserver'),
    plan: {
      [`node/${MASTER}/container/kube-apiserver`]: ['container is exited (exit code 0)'],
      [`node/${MASTER}/health/kube-apiserver`]: STARTED,
      ...EVERYTHING_IN_KUBERNETES,
    },
  },
  {
    what: 'the only etcd member was stopped',
    damage: ({ world }) => world.machine(MASTER).docker.stop('etcd'),
    plan: {
      [`node/${MASTER}/container/etcd`]: ['container is exited (exit code 0)'],
      [`node/${MASTER}/health/etcd`]: STARTED,
      [`node/${MASTER}/health/kube-apiserver`]: ['the Kubernetes API does not answer'],
      ...EVERYTHING_IN_KUBERNETES,
    },
    order: [
      [`node/${MASTER}/health/kube-apiserver`, `node/${MASTER}/health/etcd`],
      ['cluster/authorization', `node/${MASTER}/health/kube-apiserver`],
    ],
  },
  {
    what: 'a certificate is missing',
    damage: ({ world }) => world.machine(WORKER).disk.remove('/etc/kubernetes/ssl/kube-node.pem'),
    plan: { [`node/${WORKER}/files`]: ['missing: kube-node.pem'] },
  },
  {
    what: 'a key was cut off',
    damage: ({ world }) =>
      world.machine(WORKER).disk.write('/etc/kubernetes/ssl/kube-node-key.pem', '-----BEGIN'),
    plan: { [`node/${WORKER}/files`]: ['damaged: kube-node-key.pem'] },
  },
  {
    what: 'admission.yaml was changed',
    damage: ({ world }) => world.machine(MASTER).disk.write('/etc/kubernetes/admission.yaml', 'kind: Other'),
    plan: { [`node/${MASTER}/files`]: ['different: admission.yaml'] },
  },
  {
    what: 'a key was made readable for everybody',
    damage: ({ world }) =>
      changeAccess(world, WORKER, '/etc/kubernetes/ssl/kube-node-key.pem', { mode: 0o644 }),
    plan: { [`node/${WORKER}/files-access`]: ['mode 0644 → 0600: kube-node-key.pem'] },
  },
  {
    what: 'files were given to somebody else',
    damage: ({ world }) => {
      for (const name of ['admission.yaml', 'ssl/kubecfg-kube-node.yaml', 'ssl/kube-ca-key.pem'])
        changeAccess(world, MASTER, `/etc/kubernetes/${name}`, { uid: 1000, gid: 100 })
    },
    plan: {
      [`node/${MASTER}/files-access`]: [
        'owner 1000:100 → 0:0: kube-ca-key.pem, kubecfg-kube-node.yaml, admission.yaml',
      ],
    },
  },
  {
    what: 'the folder of certificates was closed for others than root',
    damage: ({ world }) => changeAccess(world, MASTER, '/etc/kubernetes/ssl', { mode: 0o700 }),
    plan: { [`node/${MASTER}/files-access`]: ['mode 0700 → 0755: ssl'] },
  },
  {
    what: 'the data of etcd were opened for everybody',
    damage: ({ world }) => changeAccess(world, MASTER, '/var/lib/etcd', { mode: 0o755 }),
    plan: { [`node/${MASTER}/etcd-permissions`]: ['mode 0755 → 0700: etcd'] },
  },
  {
    what: 'a file with other content may be written by everybody, and another file as well',
    damage: ({ world }) => {
      world.machine(MASTER).disk.write('/etc/kubernetes/audit-policy.yaml', 'kind: Other', 0o666)
      changeAccess(world, MASTER, '/etc/kubernetes/ssl/kube-node.pem', { mode: 0o666 })
    },
    plan: {
      [`node/${MASTER}/files`]: ['different: audit-policy.yaml'],
      [`node/${MASTER}/files-access`]: ['mode 0666 → 0600: kube-node.pem'],
    },
    order: [[`node/${MASTER}/files-access`, `node/${MASTER}/files`]],
  },
  {
    what: 'a helper container was left behind',
    damage: ({ world }) => {
      const { docker } = world.machine(MASTER)
      return docker.create('file-deployer', { Image: [...docker.images.keys()][0] ?? '' })
    },
    plan: {
      [`node/${MASTER}/leftover/file-deployer`]: ['left by an interrupted run'],
    },
  },
  {
    what: 'a label was removed',
    damage: ({ kube }) => kube.patch(kubeNode(WORKER), { metadata: { labels: { tier: null } } }),
    plan: { [`node/${WORKER}/labels`]: ['label tier=front'] },
  },
  {
    what: 'a taint was removed',
    damage: ({ kube }) => kube.patch(kubeNode('10.66.0.13'), { spec: { taints: null } }),
    plan: { 'node/10.66.0.13/labels': ['taint dedicated=gpu:NoSchedule added'] },
  },
  {
    what: "an addon's ConfigMap was changed",
    damage: ({ kube }) =>
      kube.patch(inSystem('v1', 'ConfigMap', 'rke-coredns-addon'), {
        data: { 'rke-coredns-addon': '# none' },
      }),
    plan: { 'cluster/addon/rke-coredns-addon': expect.any(Array) },
  },
  {
    what: "an addon's ConfigMap was deleted",
    damage: ({ kube }) => kube.delete(inSystem('v1', 'ConfigMap', 'rke-coredns-addon')),
    plan: { 'cluster/addon/rke-coredns-addon': ['its ConfigMap is missing'] },
  },
  {
    what: "an addon's Job was deleted",
    damage: ({ kube }) => kube.delete(inSystem('batch/v1', 'Job', 'rke-metrics-addon-deploy-job')),
    plan: {
      'cluster/addon/rke-metrics-addon': ['its deploy Job is missing, so nothing says that it was applied'],
    },
  },
  {
    what: 'an authorization object was deleted',
    damage: ({ kube }) => kube.delete({ apiVersion: RBAC, kind: 'ClusterRoleBinding', name: 'system:node' }),
    plan: { 'cluster/authorization': ['ClusterRoleBinding system:node is missing or different'] },
  },
  {
    what: 'a binding was made anew with another role',
    damage: ({ kube }) => {
      const ref = { apiVersion: RBAC, kind: 'ClusterRoleBinding', name: 'job-deployer' }
      const { metadata, ...rest } = kube.delete(ref)
      const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' }
      const other: KubeObject & { roleRef: object } = { ...rest, metadata: { name: metadata.name }, roleRef }
      return kube.create(other)
    },
    plan: { 'cluster/authorization': ['ClusterRoleBinding job-deployer is missing or different'] },
  },
  {
    what: "the state's copy in the cluster was deleted",
    damage: ({ kube }) => kube.delete(inSystem('v1', 'Secret', 'full-cluster-state')),
    plan: { 'cluster/state-copy': ['there is no copy of the state in the cluster'] },
  },
]

// One cluster for all of them: each is damaged and repaired in its turn.
const cluster = await Scenario.up(MIXED_ROLES)

for (const { what, damage, plan, order = [] } of DRIFTS) {
  test(`if ${what}, up does that repair and no other`, async () => {
    damage(cluster)
    const found = await cluster.plan()
    expect(reasonsOf(found)).toEqual(plan)
    for (const [later, earlier] of order) {
      expect(found.plan.actions.find(({ id }) => id === later)?.after).toContain(earlier)
    }
    const { done } = await cluster.up({ plan: found.approved }).result
    expect(done).toBe(found.steps.length)
    expect((await cluster.plan()).steps).toEqual([])
  })
}

test('everything lost on a node at once comes back in one run', async () => {
  const { docker, disk } = cluster.world.machine(WORKER)
  for (const { name } of [...docker.containers]) docker.remove(name, true)
  disk.remove('/etc/kubernetes')
  disk.remove('/var/lib/rancher')
  docker.images.clear()
  await cluster.up().result
  expect((await cluster.plan()).steps).toEqual([])
  expectTidy(cluster)
})

test('if all etcd members were stopped, one run starts them together', async () => {
  const scenario = await Scenario.up(ALL_ROLES)
  for (const { docker } of scenario.world.machines) docker.stop('etcd')
  await scenario.up().result
  expect((await scenario.plan()).steps).toEqual([])
  expectTidy(scenario)
})
