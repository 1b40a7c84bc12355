import { ADDON_NAMES } from '../../../src/addons/addon-names.ts'
import type { AddonStep } from '../../../src/addons/desired-addons.ts'
import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import type { Material } from '../../../src/desired/desired-cluster.ts'
import type { DesiredInput } from '../../../src/desired/desired-node.ts'
import { wantedEncryption } from '../../../src/desired/encryption/choose.ts'
import type { EncryptionKey } from '../../../src/desired/encryption/managed-texts.ts'
import { nextKeyText } from '../../../src/desired/encryption/next-key.ts'
import type { Event } from '../../../src/engine/events.ts'
import { EtcdError, KubeError } from '../../../src/errors.ts'
import { checkMachines, type Decision } from '../../../src/plan/decide.ts'
import { configToRotate } from '../../../src/plan/encryption/key-rotation-request.ts'
import type { ClusterView } from '../../../src/plan/model/cluster-view.ts'
import type { Plan } from '../../../src/plan/model/plan.ts'
import { leavingNodes } from '../../../src/plan/rollout/leaving.ts'
import { apartFromRestored } from '../../../src/plan/snapshots/not-restored.ts'
import { Secret } from '../../../src/secret.ts'
import { bootstrapped } from '../../../src/session/connect/bootstrapped.ts'
import { machineAccess } from '../../../src/session/connect/machine-access.ts'
import { decideWithServers } from '../../../src/session/prepare/decide-with-servers.ts'
import { observeApi, observeMembers } from '../../../src/session/prepare/observe-parts.ts'
import { runPlan } from '../../../src/session/run/run-plan.ts'
import { holdingLease } from '../../../src/session/state/holding-lease.ts'
import { runState } from '../../../src/session/state/run-state.ts'
import { StateSession } from '../../../src/session/state/state-session.ts'
import { refuseHalfReplacedCa, refuseUnfinished } from '../../../src/session/state/unfinished.ts'
import type { ClusterState } from '../../../src/state/cluster-state.ts'
import { directProbe, directReach } from '../../sim/direct/direct-probe.ts'
import { DirectRun } from '../../sim/direct/direct-run.ts'
import { VirtualTime } from '../../sim/direct/virtual-time.ts'
import type { SimWorld } from '../../sim/sim-world.ts'
import { catalog } from '../fixture.ts'
import { type ModelAccess, modelAccess } from './model-access.ts'
import { modelBundle, modelKeys } from './model-bundle.ts'
import { ModelStore } from './model-store.ts'
import { observeMachine } from './observe-machine.ts'
import { inputOf } from './wanted-cluster.ts'

/** A plan, and what it takes to carry it out. */
export interface Prepared {
  readonly plan: Plan
  readonly run: DirectRun
  apply(onEvent?: (event: Event) => void): Promise<void>
}

export const ignore = (): void => {}

/** Simulated machines, asked without connections, and the state of their cluster. */
export class ModelCluster {
  readonly world: SimWorld
  readonly store = new ModelStore()
  readonly time: VirtualTime
  readonly newKeys = modelKeys()
  /** How many restores were begun. */
  restores = 0
  config: ClusterConfig
  readonly #random: (limit: number) => number
  #keys = 0

  constructor(world: SimWorld, config: ClusterConfig, random: (limit: number) => number) {
    this.world = world
    this.config = config
    this.time = new VirtualTime(world)
    this.#random = random
  }

  newRun(): DirectRun {
    return new DirectRun(this.world, this.#random)
  }

  /** Another key each time, and the same in each story. */
  #newKey(): EncryptionKey {
    this.#keys += 1
    return {
      name: `k-${this.#keys}`,
      secret: new Secret(Buffer.alloc(32, this.#keys).toString('base64')),
    }
  }

  /** Certificates and keys of the cluster with that state. */
  async materialOf(
    { currentState, desiredState }: ClusterState,
    {
      config = this.config,
      keepsEncryption = false,
    }: { readonly config?: ClusterConfig; readonly keepsEncryption?: boolean | undefined } = {},
  ): Promise<Material> {
    const chosen = {
      ...(await modelBundle(config, desiredState.certificatesBundle)),
      encryptionConfig: wantedEncryption({
        config,
        applied: currentState.rkeConfig,
        current: currentState.encryptionConfig,
        pending: currentState.encryptionRewritePending,
        desired: desiredState.encryptionConfig,
        newKey: () => this.#newKey(),
      }),
    }
    return keepsEncryption ? { ...chosen, encryptionConfig: desiredState.encryptionConfig } : chosen
  }

  /** What the actions of a run get. */
  contextOf(access: ModelAccess, run: DirectRun, bundle: Material['bundle']) {
    const { config, time } = this
    return {
      ...machineAccess(access.nodes, { bundle, config }),
      kube: access.kube,
      etcd: access.etcd,
      probe: directProbe(run),
      reachKubelet: directReach(run),
      time,
    }
  }

  /** Those that it was applied with, and another encryption key. */
  #withOtherKey({ currentState, desiredState }: ClusterState): Material {
    const { encryptionConfig: current = '', encryptionRewritePending: pending = false } = currentState
    const known = { current, pending, desired: desiredState.encryptionConfig }
    return {
      bundle: currentState.certificatesBundle ?? {},
      generated: new Set(),
      encryptionConfig: nextKeyText(known, () => this.#newKey()),
      encryptionGenerated: false,
    }
  }

  /** What is known and seen of the cluster, for what is asked of it. */
  async viewOf(
    run: DirectRun,
    access: ModelAccess,
    session: StateSession,
    { config, given = config, input, material, leaving = [], addons = [], onlyEncryption }: Asked,
  ): Promise<ClusterView> {
    const { state } = session
    const applied = state.currentState.rkeConfig
    const { machines, toClean } = apartFromRestored(access.observe(), state)
    const base = {
      wanted: { config, catalog },
      known: { state, hasState: session.exists, leaving },
      seen: { machines, toClean, unreachable: access.lost },
      options: {},
    }
    checkMachines(base, ignore)
    const names = ADDONS.map(({ name }) => name)
    const kube = await observeApi(config, machines, access.kube, names, ignore, run.signal)
    const etcd = await observeMembers(applied, config, machines, access.etcd, run.signal)
    return {
      ...base,
      wanted: { ...base.wanted, given, input, material, addons, onlyEncryption },
      seen: { ...base.seen, kube, etcd, unhealthyServers: new Set() },
    }
  }

  decide(run: DirectRun, access: ModelAccess, view: ClusterView): Promise<Decision> {
    const { world, time } = this
    return decideWithServers(view, {
      probe: directProbe(run),
      node: access.node,
      observe: async (address) => observeMachine(world.machine(address)),
      signal: run.signal,
      time,
    })
  }

  /** As `prepare` does, or for an exchange of the encryption key: everything up to the plan, or a refusal. Changes nothing. */
  async prepare({ skipUnreachable = false, rotatesKey = false } = {}): Promise<Prepared> {
    const run = this.newRun()
    const session = await StateSession.open(this.store.of(run.signal))
    refuseUnfinished(session.state)
    refuseHalfReplacedCa(session.state)
    const config = rotatesKey ? configToRotate(this.config, session.state) : this.config
    const leaving = rotatesKey ? [] : leavingNodes(session.state, config)
    const access = modelAccess(this, run, {
      others: leaving,
      notAsked: session.state.notRestored,
      skipUnreachable,
    })
    const material = rotatesKey ? this.#withOtherKey(session.state) : await this.materialOf(session.state)
    const view = await this.viewOf(run, access, session, {
      config,
      input: inputOf(config),
      material,
      leaving,
      addons: ADDONS,
      onlyEncryption: rotatesKey || undefined,
    })
    const decision = await this.decide(run, access, view)
    const { postponed, basis } = decision
    const apply = async (onEvent: (event: Event) => void = ignore): Promise<void> => {
      await this.apply(decision, session, { run, access }, basis.states.begun, onEvent)
      if (postponed.length > 0) throw new EtcdError(`members on ${postponed.join()} must wait`)
      if (basis.encryption.waits !== undefined) throw new KubeError('the encryption of Secrets must wait')
    }
    return { plan: decision.plan, run, apply }
  }

  /** Does what was decided, as `applyDecision` does. */
  async apply(
    { plan, basis }: Decision,
    session: StateSession,
    { run, access }: { readonly run: DirectRun; readonly access: ModelAccess },
    begun: Partial<ClusterState>,
    onEvent: (event: Event) => void,
  ): Promise<void> {
    const { kube } = basis.seen
    const kubeFor = bootstrapped(access.kube, kube, this.time)
    const state = runState(session)
    const { bundle } = basis.wanted.material
    const context = { ...this.contextOf(access, run, bundle), kubeFor, state: () => state }
    const options = { owner: 'model', abort: run.signal }
    await holdingLease(kube && kubeFor, {}, options, onEvent, async () => {
      await session.save(begun)
      await runPlan(plan, context, options, onEvent)
    })
  }
}

/** What a plan is about. */
interface Asked {
  readonly config: ClusterConfig
  /** As the state keeps it. Default: the same. */
  readonly given?: ClusterConfig
  readonly input: DesiredInput
  readonly material: Material
  readonly leaving?: ClusterView['known']['leaving']
  readonly addons?: readonly AddonStep[]
  readonly onlyEncryption?: true | undefined
}

export const ADDONS: readonly AddonStep[] = (['network', 'coredns'] as const).map((addon, index) => ({
  addon,
  name: ADDON_NAMES[addon],
  kind: 'deploy',
  optional: false,
  keepsRest: false,
  after: index === 0 ? [] : [ADDON_NAMES.network],
  warnings: [],
  manifest: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${addon}, namespace: kube-system}\n`,
  differences: [],
  deleteBefore: [],
  deleteAfter: [],
  settings: [],
}))
