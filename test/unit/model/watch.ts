import type { NodeObject } from '../../../src/kube/objects/to-kube-node.ts'
import type { Action } from '../../../src/plan/action.ts'
import type { Plan } from '../../../src/plan/model/plan.ts'
import { rolloutSettings } from '../../../src/plan/rollout/rollout-settings.ts'
import { hasRole } from '../../../src/role.ts'
import { isWrite, type SimCall } from '../../sim/calls.ts'
import type { EtcdCluster } from '../../sim/etcd-cluster.ts'
import type { SimMachine } from '../../sim/sim-machine.ts'
import type { SimWorld } from '../../sim/sim-world.ts'
import { hasDns } from '../../sim/workloads.ts'
import type { ModelCluster } from './model-cluster.ts'

/** Containers that a run makes for a moment, to reach files or to do one thing. */
export const HELPERS: ReadonlySet<string> = new Set([
  'cert-fetcher',
  'etcd-data-mover',
  'etcd-fix-perm',
  'etcd-snapshot-fetched',
  'file-deployer',
  'host-cleaner',
  'kube-cleaner',
  'rke-log-cleaner',
  'rke-log-linker',
  'rke-selinux-checker',
])

/** Looks at the cluster after every request of a run, and notes whatever should never be. */
export class Watch {
  readonly violations: string[] = []
  readonly #world: SimWorld
  readonly #model: ModelCluster
  readonly #touchable: ReadonlySet<string>
  /** Addresses of machines that are cleaned, of pods as well. */
  readonly #cleaned: ReadonlySet<string>
  #hadDns: boolean
  readonly #hadApi: boolean
  readonly #groups: readonly {
    readonly name: string
    readonly most: number
    readonly nodes: readonly SimMachine[]
  }[]
  #hadQuorum: boolean
  #hadOneChange: boolean

  constructor(model: ModelCluster, plan: Plan) {
    this.#model = model
    this.#world = model.world
    this.#touchable = new Set(plan.actions.flatMap(containerOf))
    this.#cleaned = new Set(
      plan.actions.flatMap((action) => (action.kind === 'host.clean' ? action.node : [])),
    )
    this.#hadDns = this.#hasWorkers() && this.#hasDns()
    // One of fewer than three members that API servers know is missed by them while it is replaced.
    this.#hadApi =
      this.#apiServers() >= 2 &&
      this.#voters() > 2 &&
      this.#world.machines.every(({ apiServer }) => apiServer === undefined || apiServer.etcdHosts.length > 2)
    this.#hadQuorum = this.#hasQuorum()
    this.#hadOneChange = this.#changes() <= 1
    this.#groups = this.#rollout()
  }

  /** Before a request is done. */
  before(call: SimCall): void {
    if (call.service !== 'docker' || !isWrite(call)) return
    const nameOrId = /^\/containers\/([^/]+)/.exec(call.path)?.[1]
    if (nameOrId === undefined) return
    const name = this.#world.machine(call.machine).docker.get(nameOrId)?.name ?? nameOrId
    if (HELPERS.has(name) || this.#touchable.has(`${call.machine} ${name.replace(/^old-/, '')}`)) return
    if (name.startsWith('k8s_') && this.#cleaned.has(call.machine)) return
    this.#note(call, `${name} is touched, and the plan has no reason for it`)
  }

  /** After it is done. */
  after(call: SimCall): void {
    if (!isWrite(call)) return
    const hasQuorum = this.#hasQuorum()
    if (this.#hadQuorum && !hasQuorum && this.#voters() > 2) this.#note(call, 'etcd has lost its quorum')
    this.#hadQuorum = hasQuorum
    const hasOneChange = this.#changes() <= 1
    if (this.#hadOneChange && !hasOneChange) this.#note(call, 'two etcd members join at once')
    this.#hadOneChange = hasOneChange
    if (this.#hadApi && hasQuorum && this.#apiServers() === 0) this.#note(call, 'no API server is up')
    const hasDns = this.#hasDns()
    if (this.#hadDns && !hasDns) this.#note(call, 'cluster DNS answers nobody')
    this.#hadDns &&= hasDns
    for (const { name, most, nodes } of this.#groups) {
      const down = nodes.filter((machine) => !serves(machine)).map(({ address }) => address)
      if (down.length > most) this.#note(call, `${down.join(', ')} of the ${name} are down at once`)
    }
  }

  #note({ machine, service, method, path }: SimCall, text: string): void {
    if (this.violations.length < 5) this.violations.push(`${text} (${machine} ${service} ${method} ${path})`)
  }

  /** The cluster that most members run for; others are those of before, or of a restore that was given up. */
  #cluster(): EtcdCluster | undefined {
    const all = [...this.#world.etcdClusters.values()]
    const most = Math.max(...all.map(({ running }) => running.size))
    return all.findLast(({ running }) => running.size === most)
  }

  #hasDns(): boolean {
    const store = this.#cluster()?.kube
    return store !== undefined && hasDns(this.#world, store)
  }

  /** Whether pods of a node that leaves have a place elsewhere. */
  #hasWorkers(): boolean {
    const nodes = (this.#cluster()?.kube.list('v1', 'Node') ?? []) as readonly NodeObject[]
    return this.#model.config.nodes.some(({ address, role }) => {
      const node = nodes.find(({ metadata }) => metadata.name === address)
      const isWorker = node?.metadata.labels?.['node-role.kubernetes.io/worker'] !== undefined
      const { kubelet, reachable } = this.#world.machine(address)
      return role.includes('worker') && isWorker && kubelet !== undefined && reachable
    })
  }

  #voters(): number {
    return this.#cluster()?.members.filter(({ isLearner }) => !isLearner).length ?? 0
  }

  #hasQuorum(): boolean {
    const cluster = this.#cluster()
    return [...(cluster?.running.values() ?? [])].some((member) => cluster?.isHealthy(member))
  }

  #changes(): number {
    return (
      this.#cluster()?.members.filter(
        ({ isLearner, hasStarted, name }) => isLearner || (!hasStarted && name === ''),
      ).length ?? 0
    )
  }

  #apiServers(): number {
    return this.#world.machines.filter(
      ({ apiServer, reachable }) => reachable && apiServer?.store() !== undefined,
    ).length
  }

  /** Nodes that serve now, by the windows in which they may be changed. */
  #rollout() {
    const { config } = this.#model
    const { maxUnavailableControlPlane, maxUnavailableWorkers } = rolloutSettings(config, undefined, true)
    const serving = config.nodes.filter(({ address }) => serves(this.#world.machine(address)))
    const of = (name: string, most: number, chosen: (node: (typeof serving)[number]) => boolean) => ({
      name,
      most,
      nodes: serving.filter(chosen).map(({ address }) => this.#world.machine(address)),
    })
    const isMaster = (node: (typeof serving)[number]): boolean => hasRole(node, 'controlplane')
    return [
      of('control plane', maxUnavailableControlPlane, isMaster),
      of('etcd nodes', 1, (node) => !isMaster(node) && hasRole(node, 'etcd')),
      of('workers', maxUnavailableWorkers, (node) => !isMaster(node) && !hasRole(node, 'etcd')),
    ]
  }
}

function serves({ docker }: SimMachine): boolean {
  return docker.get('kubelet')?.status === 'running' && docker.get('kube-proxy')?.status === 'running'
}

function containerOf(action: Action): readonly string[] {
  switch (action.kind) {
    case 'container.create':
    case 'container.replace':
    case 'container.start':
      return [`${action.node} ${action.container.name}`]
    case 'container.restart':
    case 'container.remove':
      return [`${action.node} ${action.name.replace(/^old-/, '')}`]
    default:
      return []
  }
}
