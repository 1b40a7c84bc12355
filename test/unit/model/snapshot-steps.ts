import { SNAPSHOT_FOLDER } from '../../../src/node-paths.ts'
import { nodesWithRole } from '../../../src/role.ts'
import { anyOf } from './edits.ts'
import { heal } from './faults.ts'
import { planOfAbort, planOfRestore } from './model-restore.ts'
import { prepareSave } from './model-save.ts'
import { expectMade, expectUpRefused, maybe, runStep, type Stage } from './stage.ts'
import type { WantedCluster } from './wanted-cluster.ts'

interface Taken {
  readonly name: string
  readonly wanted: WantedCluster
  /** What of users was in the cluster. */
  readonly made: readonly string[]
}

const MOST_RUNS = 6
const DAY_MS = 86_400_000

/** Saves and restores snapshots of a cluster at random, with kills, and looks at what is there afterwards. */
export class SnapshotSteps {
  readonly #stage: Stage
  readonly #taken: Taken[] = []

  constructor(stage: Stage) {
    this.#stage = stage
  }

  /** One of the things that can be done with snapshots; says whether the cluster is another one now. */
  async play(): Promise<boolean> {
    const { made, random } = this.#stage
    made.make()
    const choice = random(4)
    if (choice === 0) this.#tick()
    else if (choice < 3 || this.#taken.length === 0) await this.#save()
    made.make()
    if (this.#taken.length === 0 || random(2) === 0) return false
    return this.#restore(anyOf(this.#taken, random))
  }

  /** The containers of recurring snapshots take one, wherever they run. */
  #tick(): void {
    const { model, tell } = this.#stage
    const now = new Date(Date.UTC(2030, 0, 1) + this.#taken.length * DAY_MS)
    for (const machine of model.world.machines) machine.takeRecurringSnapshot?.(now)
    this.#note(`${now.toISOString().slice(0, 19)}Z_etcd`)
    tell('recurring snapshots are taken')
  }

  async #save(): Promise<void> {
    const name = `s${this.#taken.length + 1}`
    const made = this.#stage.made.found()
    const ended = await runStep(
      this.#stage,
      `save ${name}`,
      () => prepareSave(this.#stage.model, name),
      maybe(this.#stage, 24),
    )
    if (ended === 'refused') return
    this.#note(name, made)
    if (ended === 'done' && !this.#taken.some((one) => one.name === name)) {
      this.#stage.violations.push(`${name} was saved, and is nowhere`)
    }
  }

  #note(name: string, made = this.#stage.made.found()): void {
    if (this.#holders(name).length === 0) return
    this.#taken.push({ name, wanted: this.#stage.wanted(), made })
  }

  /** Addresses of etcd nodes that have a snapshot, and can be asked for it. */
  #holders(name: string): readonly string[] {
    const { world, config } = this.#stage.model
    return nodesWithRole(config.nodes, 'etcd')
      .map(({ address }) => address)
      .filter((address) => {
        const { disk, reachable } = world.machine(address)
        return reachable && (disk.bytes(`${SNAPSHOT_FOLDER}/${name}.zip`)?.length ?? 0) > 0
      })
  }

  async #restore(taken: Taken): Promise<boolean> {
    const { model, random, violations, tell } = this.#stage
    if (this.#holders(taken.name).length === 0) return false
    // What is stored encrypted needs its key, whatever cluster.yml says by now.
    this.#stage.edit({ ...this.#stage.wanted(), encryption: taken.wanted.encryption })
    const skipUnreachable = random(2) === 0
    const before = this.#stage.made.found()
    for (let run = 1; run <= MOST_RUNS; run++) {
      if (run === 3) {
        heal(model.world)
        tell('machines are back')
      }
      await this.#stage.settle()
      const trouble = run < 4 ? maybe(this.#stage, 150) : undefined
      const restore = () => planOfRestore(model, taken.name, { skipUnreachable })
      const ended = await runStep(this.#stage, `restore ${taken.name}`, restore, trouble)
      if (ended === 'done') {
        await expectMade(this.#stage, taken.name, taken.made)
        return true
      }
      if (model.store.state?.restoring === undefined) {
        if (ended === 'refused') return false
        continue
      }
      await expectUpRefused(this.#stage, 'a snapshot is being restored')
      if (random(3) === 0 && this.#canAbort() && (await this.#abort(before))) return true
    }
    violations.push(`${taken.name} cannot be restored`)
    return true
  }

  /** Not once the restored cluster works; and nothing goes back to a service that was broken. */
  #canAbort(): boolean {
    const { store } = this.#stage.model
    return store.state?.restoring?.finished !== true && !JSON.stringify(store.before ?? {}).includes('"fate"')
  }

  /** Goes back to what was there, or, when that was disturbed, sometimes to the restore again. */
  async #abort(before: readonly string[]): Promise<boolean> {
    const { model, random, tell } = this.#stage
    for (let run = 1; run <= MOST_RUNS; run++) {
      if (run === 2) {
        heal(model.world)
        tell('machines are back')
      }
      await this.#stage.settle()
      const trouble = run < 4 ? maybe(this.#stage, 120) : undefined
      const ended = await runStep(this.#stage, 'abort', () => planOfAbort(model), trouble)
      if (ended === 'done') {
        await expectMade(this.#stage, 'the cluster before the restore', before)
        return true
      }
      if (random(3) === 0) return false
    }
    this.#stage.violations.push('the restore cannot be aborted')
    return true
  }
}
