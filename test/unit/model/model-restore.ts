import type { Event } from '../../../src/engine/events.ts'
import { checkMachines } from '../../../src/plan/decide.ts'
import { formerMembers } from '../../../src/plan/etcd/former-members.ts'
import { leavingNodes } from '../../../src/plan/rollout/leaving.ts'
import { planRestore } from '../../../src/plan/snapshots/plan-restore.ts'
import { refuseStateless, refuseUnreadable } from '../../../src/plan/snapshots/restore-guards.ts'
import { restoreImage } from '../../../src/plan/snapshots/restore-image.ts'
import { cleaned } from '../../../src/plan/snapshots/restore-view.ts'
import { nodesWithRole } from '../../../src/role.ts'
import { bootstrapped } from '../../../src/session/connect/bootstrapped.ts'
import { findSnapshot } from '../../../src/session/restore/find-snapshot.ts'
import { stateOfRestore } from '../../../src/session/restore/state-of-snapshot.ts'
import { runPlan } from '../../../src/session/run/run-plan.ts'
import { holdingLease } from '../../../src/session/state/holding-lease.ts'
import { runState } from '../../../src/session/state/run-state.ts'
import { StateSession } from '../../../src/session/state/state-session.ts'
import type { ClusterState } from '../../../src/state/cluster-state.ts'
import { catalog } from '../fixture.ts'
import { modelAccess } from './model-access.ts'
import { ADDONS, ignore, type ModelCluster, type Prepared } from './model-cluster.ts'
import type { ModelStore } from './model-store.ts'
import { inputOf } from './wanted-cluster.ts'

/** As `restoreSnapshot` prepares: everything up to the plan, or a refusal. */
export async function prepareRestore(
  model: ModelCluster,
  name: string,
  { skipUnreachable = false } = {},
): Promise<Prepared> {
  const { config, time } = model
  const run = model.newRun()
  const session = await StateSession.open(model.store.of(run.signal))
  const before = await stateBefore(session.state, model.store)
  const access = modelAccess(model, run, leavingNodes(before, config), skipUnreachable)
  const backup = catalog.backupImage(config.systemImages.alpine)
  const members = nodesWithRole(config.nodes, 'etcd').flatMap(
    ({ address }) => access.nodes.get(address) ?? [],
  )
  for (const { docker } of members) {
    if ((await docker.inspectImage(backup)) === undefined) await docker.pullImage(backup)
  }
  const snapshot = await findSnapshot({
    name,
    nodes: members,
    image: backup,
    signal: run.signal,
    emit: ignore,
  })
  const { state } = stateOfRestore(snapshot, before, false, ignore)
  refuseStateless(state, false)
  const material = await model.materialOf(state)
  refuseUnreadable(state.desiredState.encryptionConfig ?? '', material.encryptionConfig ?? '')
  const machines = access.observe()
  const clean = [...machines.values()].filter(({ address }) =>
    config.nodes.some((node) => node.address === address),
  )
  const seen = {
    machines: new Map(clean.map((machine) => [machine.address, cleaned(machine)])),
    unreachable: access.lost,
  }
  const known = { state, hasState: true, leaving: [] }
  checkMachines({ wanted: { config, catalog }, known, seen, options: {} }, ignore)
  const withEtcd = [...machines.values()].filter(({ containers }) => containers.has('etcd'))
  const { plan } = planRestore({
    snapshot,
    machines,
    formerMembers: new Set([...formerMembers(before), ...withEtcd.map(({ address }) => address)]),
    images: { backup, restore: restoreImage(config.systemImages, backup) },
    target: {
      wanted: { config, given: config, catalog, input: inputOf(config), material, addons: ADDONS },
      known,
      seen: { ...seen, etcd: undefined, kube: undefined, unhealthyServers: new Set() },
      options: { checkPorts: false },
    },
  })
  const kubeFor = bootstrapped(access.kube, undefined, time)
  const saved = runState(session)
  const apply = async (onEvent: (event: Event) => void = ignore): Promise<void> => {
    const context = { ...model.contextOf(access, run, material.bundle), kubeFor, state: () => saved }
    const options = { owner: 'model', abort: run.signal }
    const api = await access.kube().catch(() => undefined)
    await holdingLease(api && (async () => api), {}, options, onEvent, async () => {
      await runPlan(plan, context, options, onEvent)
    })
  }
  return { plan, run, apply }
}

async function stateBefore(state: ClusterState, store: ModelStore): Promise<ClusterState> {
  const previous = state.restoring?.previous
  return previous === undefined ? state : store.loadKept(previous)
}
