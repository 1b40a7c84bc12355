import { ADDON_NAMES } from '../../../src/addons/addon-names.ts'
import type { AddonStep } from '../../../src/addons/desired-addons.ts'
import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import { wantedEncryption } from '../../../src/desired/encryption/choose.ts'
import type { EncryptionKey } from '../../../src/desired/encryption/managed-texts.ts'
import type { Event } from '../../../src/engine/events.ts'
import { ConnectionError, EtcdError, KubeError } from '../../../src/errors.ts'
import type { KubeApi } from '../../../src/kube/client/kube-api.ts'
import { checkMachines } from '../../../src/plan/decide.ts'
import type { Plan } from '../../../src/plan/model/plan.ts'
import { leavingNodes } from '../../../src/plan/rollout/leaving.ts'
import { hasRole } from '../../../src/role.ts'
import { Secret } from '../../../src/secret.ts'
import { bootstrapped } from '../../../src/session/connect/bootstrapped.ts'
import { nodeAt } from '../../../src/session/connect/connect-nodes.ts'
import { machineAccess } from '../../../src/session/connect/machine-access.ts'
import { lazily } from '../../../src/session/lazily.ts'
import { decideWithServers } from '../../../src/session/prepare/decide-with-servers.ts'
import { observeApi, observeMembers } from '../../../src/session/prepare/observe-parts.ts'
import { runPlan } from '../../../src/session/run/run-plan.ts'
import { holdingLease } from '../../../src/session/state/holding-lease.ts'
import { runState } from '../../../src/session/state/run-state.ts'
import { StateSession } from '../../../src/session/state/state-session.ts'
import { directEtcd } from '../../sim/direct/direct-etcd.ts'
import { directKube } from '../../sim/direct/direct-kube.ts'
import { DirectNode } from '../../sim/direct/direct-node.ts'
import { directProbe, directReach } from '../../sim/direct/direct-probe.ts'
import { DirectRun } from '../../sim/direct/direct-run.ts'
import { VirtualTime } from '../../sim/direct/virtual-time.ts'
import type { SimMachine } from '../../sim/sim-machine.ts'
import type { SimWorld } from '../../sim/sim-world.ts'
import { catalog } from '../fixture.ts'
import { modelBundle } from './model-bundle.ts'
import { ModelStore } from './model-store.ts'
import { observeMachine } from './observe-machine.ts'
import { inputOf } from './wanted-cluster.ts'

/** A plan, and what it takes to carry it out. */
export interface Prepared {
  readonly plan: Plan
  readonly run: DirectRun
  apply(onEvent?: (event: Event) => void): Promise<void>
}

const ignore = (): void => {}

/** Simulated machines, asked without connections, and the state of their cluster. */
export class ModelCluster {
  readonly world: SimWorld
  readonly store = new ModelStore()
  readonly time: VirtualTime
  config: ClusterConfig
  readonly #random: (limit: number) => number
  #keys = 0

  constructor(world: SimWorld, config: ClusterConfig, random: (limit: number) => number) {
    this.world = world
    this.config = config
    this.time = new VirtualTime(world)
    this.#random = random
  }

  /** Another key each time, and the same in each story. */
  #newKey(): EncryptionKey {
    this.#keys += 1
    return {
      name: `k-${this.#keys}`,
      secret: new Secret(Buffer.alloc(32, this.#keys).toString('base64')),
    }
  }

  /** As `prepare` does: everything up to the plan, or a refusal. Changes nothing. */
  async prepare({ skipUnreachable = false } = {}): Promise<Prepared> {
    const { config, world, time } = this
    const run = new DirectRun(world, this.#random)
    const session = await StateSession.open(this.store.of(run.signal))
    const applied = session.state.currentState.rkeConfig
    const leaving = leavingNodes(session.state, config)
    const machineOf = ({ address }: { readonly address: string }): SimMachine => world.machine(address)
    const lost = config.nodes.map(machineOf).filter(({ reachable }) => !reachable)
    const [missing] = lost
    if (missing !== undefined && !skipUnreachable) {
      throw new ConnectionError('timed-out', `${missing.address} cannot be reached`)
    }
    const reached = [...config.nodes, ...leaving].map(machineOf).filter(({ reachable }) => reachable)
    const masters = config.nodes.filter((node) => hasRole(node, 'controlplane')).map(machineOf)
    const nodes = new Map(reached.map((machine) => [machine.address, new DirectNode(run, machine)]))
    const nodeOf = (address: string) => nodeAt(nodes, address)
    const kube = lazily<KubeApi>(async () =>
      directKube(
        run,
        masters.filter((machine) => reached.includes(machine)),
        time,
      ),
    ).get
    const etcd = (address: string) => {
      if (!nodes.has(address)) throw new ConnectionError('other', `${address} is not connected`)
      return directEtcd(run, world.machine(address))
    }
    const { currentState, desiredState } = session.state
    const material = {
      ...(await modelBundle(config, desiredState.certificatesBundle)),
      encryptionConfig: wantedEncryption({
        config,
        applied,
        current: currentState.encryptionConfig,
        pending: currentState.encryptionRewritePending,
        desired: desiredState.encryptionConfig,
        newKey: () => this.#newKey(),
      }),
    }
    const machines = new Map(reached.map((machine) => [machine.address, observeMachine(machine)]))
    const base = {
      wanted: { config, catalog },
      known: { state: session.state, hasState: session.exists, leaving },
      seen: { machines, unreachable: lost.map(({ address }) => address) },
      options: {},
    }
    checkMachines(base, ignore)
    const addons = ADDONS
    const names = addons.map(({ name }) => name)
    const found = await observeApi(config, machines, kube, names, ignore, run.signal)
    const members = await observeMembers(applied, config, machines, etcd, run.signal)
    const { plan, basis, postponed } = await decideWithServers(
      {
        ...base,
        wanted: { ...base.wanted, given: config, input: inputOf(config), material, addons },
        seen: { ...base.seen, kube: found, etcd: members, unhealthyServers: new Set() },
      },
      {
        probe: directProbe(run),
        node: nodeOf,
        observe: async (address) => observeMachine(world.machine(address)),
        signal: run.signal,
        time,
      },
    )
    const kubeFor = bootstrapped(kube, found, time)
    const state = runState(session)
    const apply = async (onEvent: (event: Event) => void = ignore): Promise<void> => {
      const context = {
        ...machineAccess(nodes, { bundle: material.bundle, config }),
        kube,
        kubeFor,
        etcd,
        probe: directProbe(run),
        reachKubelet: directReach(run),
        time,
        state: () => state,
      }
      const options = { owner: 'model', abort: run.signal }
      await holdingLease(found && kubeFor, {}, options, onEvent, async () => {
        await session.save(basis.states.begun)
        await runPlan(plan, context, options, onEvent)
      })
      if (postponed.length > 0) throw new EtcdError(`members on ${postponed.join()} must wait`)
      if (basis.encryption.waits !== undefined) throw new KubeError('the encryption of Secrets must wait')
    }
    return { plan, run, apply }
  }
}

const ADDONS: readonly AddonStep[] = (['network', 'coredns'] as const).map((addon, index) => ({
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
