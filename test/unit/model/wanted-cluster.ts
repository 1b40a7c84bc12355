import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import { desiredInput } from '../../../src/desired/desired-cluster.ts'
import type { DesiredInput } from '../../../src/desired/desired-node.ts'
import { catalog } from '../fixture.ts'

export type Role = 'controlplane' | 'etcd' | 'worker'

export interface Broken {
  readonly service: 'kubelet' | 'kube-api' | 'etcd'
  readonly how: 'ends' | 'hangs'
}

/** What a cluster file of the model says. */
export interface WantedCluster {
  /** Roles by the last part of the nodes' addresses. */
  readonly nodes: Readonly<Record<number, readonly Role[]>>
  readonly version: '1.30' | '1.31'
  /** A flag of the kubelet, of the API server, of etcd: any number. */
  readonly kubelet: number
  readonly apiServer: number
  readonly etcd: number
  /** The user that etcd runs as; 0 is root. */
  readonly etcdUser: number
  readonly workersAtOnce: '1' | '2' | '50%'
  readonly mastersAtOnce: '1' | '2'
  readonly drain: boolean
  /** A service that gets a flag with which it ends, or runs but is never well. */
  readonly broken?: Broken
  /** Of Secrets: none, with a key of our own, with one of two keys of the user. */
  readonly encryption: 'none' | 'own' | 'one' | 'two'
}

const ALL: readonly Role[] = ['controlplane', 'etcd', 'worker']

/** The machines that there are. */
export const MACHINES = [11, 12, 13, 14, 15, 16]

export const addressOf = (machine: number): string => `10.66.0.${machine}`

const VERSIONS = { '1.30': 'v1.30.4-rancher1-1', '1.31': 'v1.31.1-rancher1-1' }

const loaded = new Map<string, DesiredInput>()
const inputs = new WeakMap<ClusterConfig, DesiredInput>()

/** The configuration, as it would be read from a cluster file. */
export function configOf(wanted: WantedCluster): ClusterConfig {
  const { nodes, ...options } = wanted
  const text = clusterFile({ ...options, nodes: Object.fromEntries(MACHINES.map((last) => [last, ALL])) })
  const input =
    loaded.get(text) ?? desiredInput(loadConfig(text, 'cluster.yml', catalog).config, catalog, false)
  loaded.set(text, input)
  // Reading the file takes longer than all the rest, and nothing but the list itself depends on which nodes are in it.
  const config = {
    ...input.config,
    nodes: input.config.nodes.flatMap((node) => {
      const role = Object.entries(nodes).find(([last]) => addressOf(Number(last)) === node.address)?.[1]
      return role === undefined ? [] : [{ ...node, role: [...role] }]
    }),
  }
  inputs.set(config, { ...input, config })
  return config
}

/** What all containers of a cluster with that configuration follow from. */
export function inputOf(config: ClusterConfig): DesiredInput {
  return inputs.get(config) ?? desiredInput(config, catalog, false)
}

const custom = (name: string): string =>
  `{enabled: true, custom_config: {resources: [{resources: [secrets], providers: [{aescbc: {keys: [{name: ${name}, secret: ${'QUFB'.repeat(10)}QUE=}]}}]}]}}`

const ENCRYPTION = {
  none: '{enabled: false}',
  own: '{enabled: true}',
  one: custom('one'),
  two: custom('two'),
}

/** The text of the cluster file. */
export function clusterFile(wanted: WantedCluster): string {
  const nodes = Object.entries(wanted.nodes).map(
    ([last, roles]) => `- {address: ${addressOf(Number(last))}, user: root, role: [${roles.join(', ')}]}`,
  )
  const flags = (service: Broken['service'], flag: string, value: number): string => {
    const fate = wanted.broken?.service === service ? `, fate: ${wanted.broken.how}` : ''
    return `{${flag}: "${value}"${fate}}`
  }
  return `nodes:
${nodes.join('\n')}
kubernetes_version: ${VERSIONS[wanted.version]}
network: {plugin: flannel}
ingress: {provider: none}
services:
  kubelet: {extra_args: ${flags('kubelet', 'max-pods', 100 + wanted.kubelet)}}
  kube-api:
    extra_args: ${flags('kube-api', 'max-requests-inflight', 400 + wanted.apiServer)}
    secrets_encryption_config: ${ENCRYPTION[wanted.encryption]}
  etcd:
    uid: ${wanted.etcdUser}
    gid: ${wanted.etcdUser}
    extra_args: ${flags('etcd', 'election-timeout', 5000 + wanted.etcd)}
upgrade_strategy:
  max_unavailable_worker: "${wanted.workersAtOnce}"
  max_unavailable_controlplane: "${wanted.mastersAtOnce}"
  drain: ${wanted.drain}
`
}
