import type { KubeStore } from '../../sim/kube-store.ts'
import type { SimWorld } from '../../sim/sim-world.ts'

/** What users of the cluster make, to be found again. */
export class Made {
  readonly #world: SimWorld
  #count = 0

  constructor(world: SimWorld) {
    this.#world = world
  }

  /** Makes something, where an API server answers that has its namespaces. */
  make(): void {
    const { machines } = this.#world
    const store = machines.flatMap(({ apiServer, reachable }) => (reachable && apiServer?.store()) || [])[0]
    if (store?.get({ apiVersion: 'v1', kind: 'Namespace', name: 'default' }) === undefined) return
    this.#count += 1
    const metadata = { namespace: 'default', name: `made-${this.#count}` }
    store.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata })
  }

  /** Names of what there is. */
  found(): readonly string[] {
    const { machines } = this.#world
    const kube = machines.flatMap(({ etcd }) => etcd?.cluster.kube ?? [])[0] ?? this.#atRest()
    const all = kube?.list('v1', 'ConfigMap', 'default') ?? []
    return all.map(({ metadata }) => metadata.name).filter((name) => name.startsWith('made-'))
  }

  /** What etcd's data holds where none of its members runs. */
  #atRest(): KubeStore | undefined {
    const { machines, etcdClusters } = this.#world
    const ids = machines.flatMap(
      ({ disk }) => disk.read('/var/lib/etcd/member/identity')?.split(' ')[0] ?? [],
    )
    return ids.flatMap((id) => etcdClusters.get(id)?.kube ?? [])[0]
  }
}
