import { RkeError } from '../../../src/errors.ts'
import { SNAPSHOT_FOLDER } from '../../../src/node-paths.ts'
import { nodesWithRole } from '../../../src/role.ts'
import type { KubeStore } from '../../sim/kube-store.ts'
import type { EncryptedSecrets } from '../operations/encrypted-secrets.ts'
import { anyTrouble, runDisturbed, type Trouble } from './disturbed-run.ts'
import { anyOf, type Random } from './edits.ts'
import { heal } from './faults.ts'
import type { ModelCluster, Prepared } from './model-cluster.ts'
import { planOfAbort, planOfRestore } from './model-restore.ts'
import { prepareSave } from './model-save.ts'
import { OneWorld } from './one-world.ts'
import type { WantedCluster } from './wanted-cluster.ts'

/** What a story lends to the part of it that is about snapshots. */
export interface Stage {
  readonly model: ModelCluster
  readonly random: Random
  readonly secrets: EncryptedSecrets
  readonly violations: string[]
  wanted(): WantedCluster
  edit(wanted: WantedCluster): void
  tell(line: string): void
  settle(): Promise<void>
}

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
  #made = 0

  constructor(stage: Stage) {
    this.#stage = stage
  }

  /** One of the things that can be done with snapshots; says whether the cluster is another one now. */
  async play(): Promise<boolean> {
    const { random } = this.#stage
    this.#make()
    const choice = random(4)
    if (choice === 0) this.#tick()
    else if (choice < 3 || this.#taken.length === 0) await this.#save()
    this.#make()
    if (this.#taken.length === 0 || random(2) === 0) return false
    return this.#restore(anyOf(this.#taken, random))
  }

  get #store(): KubeStore | undefined {
    const { machines } = this.#stage.model.world
    return machines.flatMap(({ apiServer, reachable }) => (reachable && apiServer?.store()) || [])[0]
  }

  /** A user of the cluster makes something. */
  #make(): void {
    const store = this.#store
    if (store?.get({ apiVersion: 'v1', kind: 'Namespace', name: 'default' }) === undefined) return
    this.#made += 1
    const metadata = { namespace: 'default', name: `made-${this.#made}` }
    store.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata })
  }

  #found(): readonly string[] {
    const { machines } = this.#stage.model.world
    const kube = machines.flatMap((machine) => machine.etcd?.cluster.kube ?? [])[0] ?? this.#atRest()
    const all = kube?.list('v1', 'ConfigMap', 'default') ?? []
    return all.map(({ metadata }) => metadata.name).filter((name) => name.startsWith('made-'))
  }

  /** What etcd's data holds where none of its members runs. */
  #atRest(): KubeStore | undefined {
    const { machines, etcdClusters } = this.#stage.model.world
    const ids = machines.flatMap(
      ({ disk }) => disk.read('/var/lib/etcd/member/identity')?.split(' ')[0] ?? [],
    )
    return ids.flatMap((id) => etcdClusters.get(id)?.kube ?? [])[0]
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
    const made = this.#found()
    const ended = await this.#run(`save ${name}`, () => prepareSave(this.#stage.model, name), this.#maybe(24))
    if (ended === 'refused') return
    this.#note(name, made)
    if (ended === 'done' && !this.#taken.some((one) => one.name === name)) {
      this.#stage.violations.push(`${name} was saved, and is nowhere`)
    }
  }

  #note(name: string, made = this.#found()): void {
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
    const before = this.#found()
    for (let run = 1; run <= MOST_RUNS; run++) {
      if (run === 3) {
        heal(model.world)
        tell('machines are back')
      }
      await this.#stage.settle()
      const trouble = run < 4 ? this.#maybe(150) : undefined
      const restore = () => planOfRestore(model, taken.name, { skipUnreachable })
      const ended = await this.#run(`restore ${taken.name}`, restore, trouble)
      if (ended === 'done') {
        await this.#expectMade(taken.name, taken.made)
        return true
      }
      if (model.store.state?.restoring === undefined) {
        if (ended === 'refused') return false
        continue
      }
      await this.#expectUpRefused()
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
      const trouble = run < 4 ? this.#maybe(120) : undefined
      const ended = await this.#run('abort', () => planOfAbort(model), trouble)
      if (ended === 'done') {
        await this.#expectMade('the cluster before the restore', before)
        return true
      }
      if (random(3) === 0) return false
    }
    this.#stage.violations.push('the restore cannot be aborted')
    return true
  }

  async #expectMade(what: string, made: readonly string[]): Promise<void> {
    await this.#stage.settle()
    const found = this.#found().join(', ')
    if (found === made.join(', ')) return
    this.#stage.violations.push(`${what} has ${found || 'nothing'}, not ${made.join(', ') || 'nothing'}`)
  }

  async #expectUpRefused(): Promise<void> {
    const refused = await this.#stage.model.prepare({ skipUnreachable: true }).then(
      () => false,
      (thrown: unknown) => thrown instanceof RkeError,
    )
    if (!refused) this.#stage.violations.push('up is not refused while a snapshot is being restored')
  }

  #maybe(writes: number): Trouble | undefined {
    const { random } = this.#stage
    return random(2) === 0 ? anyTrouble(random, writes) : undefined
  }

  async #run(
    what: string,
    prepare: () => Promise<Prepared>,
    trouble: Trouble | undefined,
  ): Promise<'done' | 'failed' | 'refused'> {
    const { model, secrets, violations, tell } = this.#stage
    const prepared = await prepare().catch((thrown: unknown) => {
      if (thrown instanceof RkeError) return thrown
      throw thrown
    })
    if (prepared instanceof RkeError) {
      tell(`${what} is refused: ${prepared.message}`)
      return 'refused'
    }
    secrets.begin()
    const worlds = new OneWorld(model)
    const { failure, how } = await runDisturbed(model.world, prepared, trouble, [secrets, worlds])
    violations.push(...worlds.violations, ...secrets.unreadable.splice(0).slice(0, 5))
    tell(`${what}: ${prepared.plan.actions.length} actions${how}${failure ? `; ${String(failure)}` : ''}`)
    return failure === undefined ? 'done' : 'failed'
  }
}
