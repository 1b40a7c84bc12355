import { RkeError } from '../../../src/errors.ts'
import { refOf } from '../../../src/kube/objects/kube-object.ts'
import { reasonText } from '../../../src/reason-text.ts'
import { isWrite } from '../../sim/calls.ts'
import { collectOrphans } from '../../sim/kube-controllers.ts'
import type { KubeStore } from '../../sim/kube-store.ts'
import { strandedPods } from '../../sim/scheduler.ts'
import { SimWorld } from '../../sim/sim-world.ts'
import { agent, dns } from '../../sim/workloads.ts'
import { EncryptedSecrets } from '../operations/encrypted-secrets.ts'
import { tooManyBroken } from './broken.ts'
import { certificateTrouble, finishRotation, playCertificates } from './certificate-steps.ts'
import { anyTrouble, runDisturbed, type Trouble } from './disturbed-run.ts'
import { anyOf, edited, firstCluster, type Random } from './edits.ts'
import { heal, strike } from './faults.ts'
import { Made } from './made.ts'
import { ModelCluster } from './model-cluster.ts'
import { tracesOn } from './one-world.ts'
import { canLoseQuorum, playRecovery } from './recover-steps.ts'
import { SnapshotSteps } from './snapshot-steps.ts'
import type { Stage } from './stage.ts'
import { encryptionTrouble, untidiness } from './tidiness.ts'
import { addressOf, configOf, MACHINES, type WantedCluster } from './wanted-cluster.ts'
import { Watch } from './watch.ts'

/** What happened, step by step, and what should not have. */
export interface Story {
  readonly lines: readonly string[]
  readonly violations: readonly string[]
}

const MOST_RUNS = 5

/**
 * Plays a cluster that is changed, damaged and repaired at random, and observes it all the time. The same numbers play
 * the same story.
 */
export async function playSequence(random: Random): Promise<Story> {
  const world = await SimWorld.create(MACHINES.map((last) => ({ address: addressOf(last) })))
  const player = new Player(world, random)
  await player.play()
  return player
}

class Player implements Story {
  readonly lines: string[] = []
  readonly violations: string[] = []
  readonly #world: SimWorld
  readonly #random: Random
  readonly #model: ModelCluster
  readonly #secrets: EncryptedSecrets
  readonly #stage: Stage
  readonly #snapshots: SnapshotSteps
  /** Somebody has made one. */
  #hasSecrets = false
  /** There are pods that tolerate everything. */
  #hasPods = false
  /** Machines that could not be cleaned when they left. */
  readonly #forsaken = new Set<string>()
  #wanted: WantedCluster
  /** The last one that was not refused. */
  #accepted: WantedCluster

  constructor(world: SimWorld, random: Random) {
    this.#world = world
    this.#random = random
    this.#wanted = firstCluster(random)
    this.#accepted = this.#wanted
    this.#model = new ModelCluster(world, configOf(this.#wanted), random)
    this.#secrets = new EncryptedSecrets(world, ({ address }) =>
      this.#model.config.nodes.some((node) => node.address === address && node.role.includes('controlplane')),
    )
    this.#stage = {
      model: this.#model,
      random,
      secrets: this.#secrets,
      made: new Made(world),
      violations: this.violations,
      wanted: () => this.#wanted,
      edit: (wanted) => this.#edit(wanted),
      tell: (line) => this.#tell(line),
      settle: () => this.#settle(),
    }
    this.#snapshots = new SnapshotSteps(this.#stage)
  }

  async play(): Promise<void> {
    await this.#up()
    for (let steps = 1 + this.#random(3); steps > 0 && this.violations.length === 0; steps--) {
      if (this.#random(6) === 0) await this.#break()
      if (this.violations.length === 0 && this.#random(3) === 0) await this.#withSnapshots()
      if (this.violations.length === 0 && this.#random(8) === 0) await this.#withoutQuorum()
      if (this.violations.length === 0 && this.#random(6) === 0) await playCertificates(this.#stage)
      if (this.#random(5) > 0) this.#edit(edited(this.#wanted, this.#random))
      const addresses = this.#model.config.nodes.map(({ address }) => address)
      for (let faults = Math.max(0, this.#random(6) - 3); faults > 0; faults--) {
        this.#tell(strike(this.#world, addresses, this.#random))
      }
      await this.#settle()
      await this.#up(this.#random(2) === 0 ? this.#trouble() : undefined)
      if (this.#random(2) === 0) this.#heal()
      if (this.violations.length === 0 && this.#wanted.encryption === 'own' && this.#random(2) === 0) {
        await this.#rotateKey()
      }
    }
    if (this.violations.length === 0) await this.#finish()
  }

  /** A restored cluster has what was in the snapshot. */
  async #withSnapshots(): Promise<void> {
    if (!(await this.#snapshots.play())) return
    this.#hasPods = this.#kube()?.get(refOf(agent)) !== undefined
    this.#hasSecrets = this.#secrets.has('a')
  }

  /** A cluster that was whole goes on with what is left of etcd. */
  async #withoutQuorum(): Promise<void> {
    if (!canLoseQuorum(this.#stage)) return
    await this.#untilNothingIsLeft()
    if (this.violations.length > 0) return
    await playRecovery(this.#stage, () => this.#untilNothingIsLeft())
  }

  /** The encryption key is exchanged, disturbed or not; whatever is left, the runs that follow do. */
  async #rotateKey(): Promise<void> {
    this.#heal()
    await this.#settle()
    const prepared = await this.#model.prepare({ rotatesKey: true }).catch((thrown: unknown) => {
      if (thrown instanceof RkeError) return thrown
      throw thrown
    })
    if (prepared instanceof RkeError) return this.#tell(`rotate-key refused: ${prepared.message}`)
    const trouble = this.#random(3) === 0 ? undefined : this.#trouble()
    this.#secrets.begin()
    const { failure, how } = await runDisturbed(this.#world, prepared, trouble, [this.#secrets])
    this.violations.push(...this.#secrets.unreadable.splice(0).slice(0, 5))
    this.#tell(
      `rotate-key: ${prepared.plan.actions.length} actions${how}${failure ? `; ${String(failure)}` : ''}`,
    )
  }

  #edit(wanted: WantedCluster): void {
    this.#wanted = wanted
    this.#model.config = configOf(wanted)
    this.#tell(`cluster.yml: ${JSON.stringify(wanted)}`)
  }

  #heal(): void {
    heal(this.#world)
    this.#tell('machines are back')
  }

  #trouble(): Trouble {
    return anyTrouble(this.#random, 60)
  }

  /** With all machines back, a few runs must make the cluster what it should be. */
  async #finish(): Promise<void> {
    await this.#untilNothingIsLeft()
    if (this.violations.length === 0 && (await finishRotation(this.#stage))) await this.#untilNothingIsLeft()
    this.violations.push(
      ...certificateTrouble(this.#model),
      ...untidiness(this.#model, this.#forsaken),
      ...encryptionTrouble(this.#model.store, this.#secrets, this.#wanted),
      ...this.#world.machines.filter(({ address }) => !this.#forsaken.has(address)).flatMap(tracesOn),
    )
  }

  /** A service gets a flag that it cannot live with, in a cluster that is well. However often `up` is run, most go on. */
  async #break(): Promise<void> {
    await this.#untilNothingIsLeft()
    if (this.violations.length > 0) return
    const good = this.#wanted
    const service = anyOf(['kubelet', 'kube-api', 'etcd'] as const, this.#random)
    const how = anyOf(['ends', 'hangs'] as const, this.#random)
    this.#edit({ ...good, broken: { service, how } })
    for (let runs = 1 + this.#random(3); runs > 0; runs--) {
      await this.#settle()
      await this.#up(this.#random(2) === 0 ? this.#trouble() : undefined)
      this.violations.push(...tooManyBroken(this.#model, service))
    }
    this.#edit(good)
    this.#accepted = good
    // A member that is broken cannot be taken out while its data is needed.
    if (service === 'etcd') await this.#untilNothingIsLeft()
  }

  async #untilNothingIsLeft(): Promise<void> {
    this.#heal()
    for (let runs = 1; runs <= MOST_RUNS; runs++) {
      await this.#settle()
      if ((await this.#up()) === 'nothing to do') break
      if (runs === MOST_RUNS) this.violations.push('the plan does not become empty')
    }
  }

  /** Until components have looked at the last change, and time has passed for those that wait. */
  async #settle(): Promise<void> {
    collectOrphans(this.#world)
    do await new Promise((resolve) => setImmediate(resolve))
    while (this.#world.isSettling)
  }

  async #up(trouble?: Trouble): Promise<'nothing to do' | 'done' | 'failed' | 'refused'> {
    const skipUnreachable = this.#random(2) === 0
    let writes = 0
    this.#world.hooks = { before: (call) => (writes += isWrite(call) ? 1 : 0) }
    const prepared = await this.#model.prepare({ skipUnreachable }).catch((thrown: unknown) => {
      if (thrown instanceof RkeError) return thrown
      throw thrown
    })
    if (writes > 0) this.violations.push(`${writes} writes while the plan was made`)
    if (prepared instanceof RkeError) {
      this.#tell(`refused: ${prepared.message}`)
      if (this.#wanted !== this.#accepted) this.#edit(this.#accepted)
      return 'refused'
    }
    const { plan } = prepared
    this.#accepted = this.#wanted
    if (plan.actions.length === 0) return 'nothing to do'
    const isUndisturbed = trouble === undefined && this.#world.machines.every(({ reachable }) => reachable)
    for (const { address, reachable } of this.#world.machines) if (!reachable) this.#forsaken.add(address)
    const watch = new Watch(this.#model, plan)
    const secrets = this.#secrets
    secrets.begin()
    const { failure, how } = await runDisturbed(this.#world, prepared, trouble, [watch, secrets])
    this.violations.push(...watch.violations, ...secrets.unreadable.splice(0).slice(0, 5))
    this.#hasSecrets ||= secrets.create('a')
    this.#hasPods ||= this.#deploy()
    this.#tell(`up: ${plan.actions.length} actions${how}${failure ? `; ${String(failure)}` : ''}`)
    if (isTooEarly(failure)) this.violations.push(`something was created too early: ${String(failure)}`)
    if (failure !== undefined) return 'failed'
    if (isUndisturbed) {
      this.#expectNoStrandedPods()
      await this.#expectNothingLeft()
    }
    return 'done'
  }

  #deploy(): boolean {
    const store = this.#kube()
    store?.create(dns(2))
    store?.create(agent)
    return store !== undefined
  }

  #kube(): KubeStore | undefined {
    return this.#world.machines.find(({ apiServer }) => apiServer?.store())?.apiServer?.store()
  }

  #expectNoStrandedPods(): void {
    for (const { kube, running } of this.#world.etcdClusters.values()) {
      if (running.size === 0) continue
      const names = strandedPods(kube).map(({ metadata }) => metadata.name)
      if (names.length > 0) this.violations.push(`pods of nodes that are gone: ${names.join(', ')}`)
    }
  }

  async #expectNothingLeft(): Promise<void> {
    await this.#settle()
    const { plan } = await this.#model.prepare()
    // What a killed restore has left waits for a run that finds an API, and so holds the lease.
    const missed = plan.actions.filter(({ kind }) => kind !== 'scratch.delete')
    const left = missed.map(({ id, because }) => `${id} (${because.map(reasonText).join('; ')})`)
    if (left.length > 0)
      this.violations.push(`a run that did everything leaves: ${left.slice(0, 5).join(', ')}`)
  }

  #tell(line: string): void {
    this.lines.push(line)
  }
}

/** Whether a run created something before a new cluster had its namespaces. */
const isTooEarly = (failure: unknown): boolean => /^.*Namespace \S+ not found/m.test(String(failure))
