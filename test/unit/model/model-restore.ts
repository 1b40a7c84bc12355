import { HELPER } from '../../../src/container-names.ts'
import type { Event } from '../../../src/engine/events.ts'
import { PlanRefusedError } from '../../../src/errors.ts'
import { checkMachines } from '../../../src/plan/decide.ts'
import { formerMembers } from '../../../src/plan/etcd/former-members.ts'
import type { ClusterView } from '../../../src/plan/model/cluster-view.ts'
import { makePlan, type Plan } from '../../../src/plan/model/plan.ts'
import { leavingNodes } from '../../../src/plan/rollout/leaving.ts'
import { planAbort } from '../../../src/plan/snapshots/plan-abort.ts'
import { planEnd } from '../../../src/plan/snapshots/plan-end.ts'
import { planRestore } from '../../../src/plan/snapshots/plan-restore.ts'
import { refuseStateless, refuseUnreadable } from '../../../src/plan/snapshots/restore-guards.ts'
import { restoreImage } from '../../../src/plan/snapshots/restore-image.ts'
import { cleaned } from '../../../src/plan/snapshots/restore-view.ts'
import { restoredState } from '../../../src/plan/snapshots/restored-state.ts'
import { nodesWithRole } from '../../../src/role.ts'
import { bootstrapped } from '../../../src/session/connect/bootstrapped.ts'
import { findSnapshot } from '../../../src/session/restore/find-snapshot.ts'
import { stateOfRestore } from '../../../src/session/restore/state-of-snapshot.ts'
import { runPlan } from '../../../src/session/run/run-plan.ts'
import { holdingLease } from '../../../src/session/state/holding-lease.ts'
import { runState } from '../../../src/session/state/run-state.ts'
import { StateSession } from '../../../src/session/state/state-session.ts'
import type { ClusterState } from '../../../src/state/cluster-state.ts'
import type { DirectRun } from '../../sim/direct/direct-run.ts'
import { catalog } from '../fixture.ts'
import { type ModelAccess, modelAccess } from './model-access.ts'
import { ADDONS, ignore, type ModelCluster, type Prepared } from './model-cluster.ts'
import type { ModelStore } from './model-store.ts'
import { inputOf } from './wanted-cluster.ts'

/** As `restoreSnapshot` prepares: everything up to the plan, or a refusal. */
export async function prepareRestore(
  model: ModelCluster,
  name: string,
  { skipUnreachable = false } = {},
): Promise<Prepared> {
  const { config, store } = model
  const run = model.newRun()
  const session = await StateSession.open(store.of(run.signal))
  const { restoring } = session.state
  const before = restoring?.previous === undefined ? session.state : await store.loadKept(restoring.previous)
  const access = modelAccess(model, run, leavingNodes(before, config), skipUnreachable)
  const backup = catalog.backupImage(config.systemImages.alpine)
  const nodes = nodesWithRole(config.nodes, 'etcd').flatMap(({ address }) => access.nodes.get(address) ?? [])
  for (const { docker } of nodes) {
    if ((await docker.inspectImage(backup)) === undefined) await docker.pullImage(backup)
  }
  const snapshot = await findSnapshot({
    name,
    nodes,
    image: backup,
    helper: HELPER.readSnapshots,
    signal: run.signal,
    emit: ignore,
  })
  const { state, rewriting } = stateOfRestore(snapshot, before, false, ignore)
  refuseStateless(state, { hasCertificates: false, useLocalState: false })
  const target = await targetOf(model, access, state)
  if (restoring?.finished && restoring.snapshot === name) {
    const { startedAt } = restoring
    const left = { config, machines: access.observe(), formerMembers: formerMembers(before), startedAt }
    return prepared(model, { run, session, access, target, plan: makePlan(planEnd(left)) })
  }
  const { encryptionConfig = '' } = target.wanted.material
  refuseUnreadable(state.desiredState.encryptionConfig ?? '', encryptionConfig, rewriting)
  const machines = access.observe()
  const withEtcd = [...machines.values()].filter(({ containers }) => containers.has('etcd'))
  const { plan } = planRestore({
    snapshot,
    machines,
    formerMembers: new Set([
      ...formerMembers(before),
      ...(restoring?.formerMembers ?? []),
      ...withEtcd.map(({ address }) => address),
    ]),
    images: { backup, restore: restoreImage(config.systemImages, backup) },
    withBucket: config,
    startedAt:
      restoring === undefined || restoring.finished ? `restore ${++model.restores}` : restoring.startedAt,
    finished: restoring?.finished ? restoring.startedAt : undefined,
    target,
  })
  return prepared(model, { run, session, access, target, plan })
}

/** As `abortRestore` prepares. */
export async function prepareAbort(model: ModelCluster, { skipUnreachable = false } = {}): Promise<Prepared> {
  const { store } = model
  const given = model.config
  const run = model.newRun()
  const session = await StateSession.open(store.of(run.signal))
  const before = await stateBefore(session.state, store)
  const config = before.currentState.rkeConfig ?? given
  model.config = config
  try {
    const only = given.nodes.filter(({ address }) => !config.nodes.some((node) => node.address === address))
    const access = modelAccess(model, run, only, skipUnreachable)
    const target = await targetOf(model, access, restoredState(before), true)
    const restore = session.state.restoring?.startedAt ?? ''
    const { plan } = planAbort({ before, restore, machines: access.observe(), target })
    return prepared(model, { run, session, access, target, plan })
  } finally {
    model.config = given
  }
}

async function stateBefore({ restoring, ...rest }: ClusterState, store: ModelStore): Promise<ClusterState> {
  if (restoring === undefined || restoring.finished) throw new PlanRefusedError('nothing to abort')
  return restoring.previous === undefined ? rest : store.loadKept(restoring.previous)
}

/** What `up` would go by on cleaned machines, as `prepareAgain` makes it. */
async function targetOf(
  model: ModelCluster,
  access: ModelAccess,
  state: ClusterState,
  keepsEncryption = false,
): Promise<ClusterView> {
  const { config } = model
  const machines = access.observe()
  const staying = config.nodes.flatMap(({ address }) => machines.get(address) ?? [])
  const seen = {
    machines: new Map(staying.map((machine) => [machine.address, cleaned(machine)])),
    unreachable: access.lost,
  }
  const known = { state, hasState: true, leaving: [] }
  checkMachines({ wanted: { config, catalog }, known, seen, options: {} }, ignore)
  const material = await model.materialOf(state, keepsEncryption)
  return {
    wanted: { config, given: config, catalog, input: inputOf(config), material, addons: ADDONS },
    known,
    seen: { ...seen, etcd: undefined, kube: undefined, unhealthyServers: new Set() },
    options: { checkPorts: false },
  }
}

interface Planned {
  readonly run: DirectRun
  readonly session: StateSession
  readonly access: ModelAccess
  readonly target: ClusterView
  readonly plan: Plan
}

function prepared(model: ModelCluster, { run, session, access, target, plan }: Planned): Prepared {
  const kubeFor = bootstrapped(access.kube, undefined, model.time)
  const saved = runState(session)
  const context = {
    ...model.contextOf(access, run, target.wanted.material.bundle),
    kubeFor,
    state: () => saved,
  }
  const options = { owner: 'model', abort: run.signal }
  const apply = async (onEvent: (event: Event) => void = ignore): Promise<void> => {
    const api = await access.kube().catch(() => undefined)
    await holdingLease(api && (async () => api), {}, options, onEvent, async () => {
      await runPlan(plan, context, options, onEvent)
    })
  }
  return { plan, run, apply }
}
