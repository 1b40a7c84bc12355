import type { SimCall } from '../../sim/calls.ts'
import type { SimMachine } from '../../sim/sim-machine.ts'
import type { Observer } from './disturbed-run.ts'
import type { ModelCluster } from './model-cluster.ts'

/** Notes when members of two clusters run at once that could take each other for members of their own. */
export class OneWorld implements Observer {
  readonly violations: string[] = []
  readonly #model: ModelCluster
  #wasMixed: boolean

  constructor(model: ModelCluster) {
    this.#model = model
    this.#wasMixed = this.#mixed().length > 0
  }

  after({ machine, service, method, path }: SimCall): void {
    const mixed = this.#mixed()
    if (mixed.length > 0 && !this.#wasMixed) {
      this.violations.push(
        `members of two clusters run: ${mixed.join(', ')} (${machine} ${service} ${method} ${path})`,
      )
    }
    this.#wasMixed = mixed.length > 0
  }

  /** Ids of clusters follow from the list of their first members: equal lists give equal ids. */
  #mixed(): readonly string[] {
    const running = this.#model.world.machines.filter(
      ({ etcd, reachable }) => reachable && etcd !== undefined,
    )
    const alike = running.filter((one) =>
      running.some(
        (other) =>
          one.etcd?.cluster !== other.etcd?.cluster &&
          one.etcd?.cluster.initialCluster === other.etcd?.cluster.initialCluster,
      ),
    )
    return alike.map(({ address }) => address)
  }
}

/** Folders in which a restore or a recovery works. */
const TRACES =
  /\/(before-restore|setting-aside|putting-back|restoring|discarded|before-recover(\.partial)?|etcd-snapshots-restore)(\/|$)/

/** What a restore has left on a machine that should not be there in the end. */
export function tracesOn({ address, disk }: SimMachine): readonly string[] {
  return disk
    .below('/')
    .filter((path) => TRACES.test(path))
    .map((path) => `${address} ${path}`)
}
