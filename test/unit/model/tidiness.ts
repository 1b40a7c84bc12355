import { nodeContainers } from '../../../src/desired/desired-node.ts'
import { ordinaryLinux } from '../../../src/desired/node-facts.ts'
import { isBarrier } from '../../../src/kube/drain/barrier.ts'
import { losesNextConnection } from '../../sim/kubelet-reach.ts'
import { podsOn } from '../../sim/scheduler.ts'
import type { EncryptedSecrets } from '../operations/encrypted-secrets.ts'
import { roleTaints, taintsOf } from '../operations/role-taints.ts'
import type { ModelCluster } from './model-cluster.ts'
import type { ModelStore } from './model-store.ts'
import { inputOf, type WantedCluster } from './wanted-cluster.ts'
import { HELPERS } from './watch.ts'

/** What of a cluster is not as its configuration wants it. `forsaken`: machines that may hold anything. */
export function untidiness(
  { world, config, store }: ModelCluster,
  forsaken: ReadonlySet<string>,
): readonly string[] {
  const found: string[] = []
  const expectSame = (what: string, actual: readonly string[], wanted: readonly string[]): void => {
    const [a, b] = [actual, wanted].map((list) => [...list].sort().join(', '))
    if (a !== b) found.push(`${what}: ${a || 'nothing'}; wanted: ${b || 'nothing'}`)
  }
  const isWanted = (name: string): boolean => config.nodes.some(({ address }) => address === name)
  const input = inputOf(config)
  const known = store.state?.currentState.certificatesBundle ?? {}
  for (const { address, docker, disk } of world.machines) {
    const node = config.nodes.find((one) => one.address === address)
    if (node === undefined && forsaken.has(address)) continue
    const wanted = node === undefined ? [] : nodeContainers(input, node, ordinaryLinux)
    expectSame(
      `containers of ${address}`,
      // A helper whose removal Docker refused is no harm on a machine that has left.
      docker.containers
        .filter(({ name }) => (node === undefined ? !HELPERS.has(name) : !name.startsWith('k8s_')))
        .map(({ name, status, restartPolicy }) => `${name} ${status} ${restartPolicy}`),
      wanted.map(
        ({ name, createdOnly, restart = '' }) => `${name} ${createdOnly ? 'created' : 'running'} ${restart}`,
      ),
    )
    if (node === undefined) expectSame(`files of ${address}`, disk.below('/etc/kubernetes'), [])
    if (node?.role.includes('etcd') !== true)
      expectSame(`etcd data of ${address}`, disk.below('/var/lib/etcd'), [])
  }
  expectSame(
    'API servers that lose their next connection to a kubelet',
    world.machines
      .filter(losesNextConnection)
      // One that a run left which never ended, for nodes that were taken back: the model makes none for these.
      .filter(
        ({ apiServer }) => apiServer?.readClientCertificate() === known['kube-apiserver']?.certificatePEM,
      )
      .map(({ address }) => address),
    [],
  )
  const etcd = world.machines.find((machine) => machine.etcd !== undefined)?.etcd?.cluster
  expectSame(
    'etcd members',
    (etcd?.members ?? []).map(
      ({ peerUrl, isLearner }) => `${new URL(peerUrl).hostname}${isLearner ? ' learner' : ''}`,
    ),
    config.nodes.filter(({ role }) => role.includes('etcd')).map(({ internalAddress }) => internalAddress),
  )
  const nodes = etcd?.kube.list('v1', 'Node') ?? []
  expectSame(
    'nodes',
    // A machine that comes back after it was given up registers again.
    nodes.map(({ metadata }) => metadata.name).filter((name) => isWanted(name) || !forsaken.has(name)),
    config.nodes.map(({ hostnameOverride }) => hostnameOverride),
  )
  expectSame(
    'nodes kept out of scheduling',
    nodes
      .filter((node) => JSON.stringify(node).includes('"unschedulable":true'))
      .map(({ metadata }) => metadata.name),
    [],
  )
  expectSame(
    'taints of roles',
    nodes.filter(({ metadata }) => isWanted(metadata.name)).flatMap(roleTaints),
    config.nodes.flatMap(({ hostnameOverride, role }) =>
      taintsOf(role).map((taint) => `${hostnameOverride} ${taint}`),
    ),
  )
  expectSame(
    'nodes that refuse pods',
    nodes
      .filter(({ metadata }) => etcd && podsOn(etcd.kube, metadata.name).some(isBarrier))
      .map(({ metadata }) => metadata.name),
    [],
  )
  expectSame(
    'nodes in the state',
    (store.state?.currentState.rkeConfig?.nodes ?? []).map(({ address }) => address),
    config.nodes.map(({ address }) => address),
  )
  return found
}

const KEYS = { none: /^identity$/, own: /^k-/, one: /^one$/, two: /^two$/ }

/** What of the encryption of Secrets is not as the cluster file wants it. */
export function encryptionTrouble(
  { state }: ModelStore,
  { used }: EncryptedSecrets,
  { encryption }: WantedCluster,
): readonly string[] {
  return [
    ...used
      .filter((key) => !KEYS[encryption].test(key))
      .map((key) => `Secrets are stored with ${key}; wanted: ${encryption}`),
    ...(state?.currentState.encryptionRewritePending ? ['the change of encryption is not over'] : []),
  ]
}
