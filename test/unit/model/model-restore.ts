import type { ClusterNode } from '../../../src/config/cluster-config.ts'
import { ConnectionError } from '../../../src/errors.ts'
import type { ObservedNode } from '../../../src/observe/observed-node.ts'
import { formerMembers } from '../../../src/plan/etcd/former-members.ts'
import type { ClusterView } from '../../../src/plan/model/cluster-view.ts'
import { makePlan } from '../../../src/plan/model/plan.ts'
import { leavingNodes } from '../../../src/plan/rollout/leaving.ts'
import { planAbort } from '../../../src/plan/snapshots/plan-abort.ts'
import { planEnd } from '../../../src/plan/snapshots/plan-end.ts'
import { planRestore } from '../../../src/plan/snapshots/plan-restore.ts'
import { cleaned } from '../../../src/plan/snapshots/restore-view.ts'
import type { Connected } from '../../../src/session/connect/connect-nodes.ts'
import { appliedBefore, prepareAbort } from '../../../src/session/restore/prepare-abort.ts'
import { prepareRestore } from '../../../src/session/restore/prepare-restore.ts'
import type { RestoreWays } from '../../../src/session/restore/restore-ways.ts'
import { stateBeforeRestore, stateToGoBackTo } from '../../../src/session/restore/state-before.ts'
import { StateSession } from '../../../src/session/state/state-session.ts'
import { catalog } from '../fixture.ts'
import { type ModelAccess, modelAccess } from './model-access.ts'
import { ADDONS, ignore, type ModelCluster, type Prepared } from './model-cluster.ts'
import { operationOf, prepared } from './model-operation.ts'
import { inputOf } from './wanted-cluster.ts'

/** As `restoreSnapshot` prepares: everything up to the plan, or a refusal. */
export async function planOfRestore(
  model: ModelCluster,
  name: string,
  { skipUnreachable = false } = {},
): Promise<Prepared> {
  const { config } = model
  const run = model.newRun()
  const session = await StateSession.open(model.store.of(run.signal))
  const { restoring, notRestored } = session.state
  const before = await stateBeforeRestore(session.state, model.store, ignore)
  const access = modelAccess(model, run, { others: leavingNodes(before, config), skipUnreachable })
  const connected = connectedBy(access)
  if (restoring?.finished && restoring.snapshot === name) {
    const { startedAt } = restoring
    const machines = access.observe()
    const left = { config, machines, formerMembers: formerMembers(before), startedAt }
    return prepared(model, { run, session, access, bundle: {}, plan: makePlan(planEnd(left)) })
  }
  const { view } = await prepareRestore(
    { given: config, filled: config },
    { before, restoring, notRestored, now: new Date(Date.UTC(2030, 0, 1, 0, 0, ++model.restores)) },
    {
      connected,
      formerMembers: formerMembers(before),
      skipped: access.lost,
      leftAlone: { addresses: [], areOther: false },
    },
    waysOf(model, access),
    operationOf(model, run, { name, skipUnreachable, skippedAreOff: true }),
  )
  const { bundle } = view.target.wanted.material
  return prepared(model, { run, session, access, bundle, plan: planRestore(view).plan })
}

/** As `abortRestore` prepares. */
export async function planOfAbort(model: ModelCluster, { skipUnreachable = false } = {}): Promise<Prepared> {
  const given = model.config
  const run = model.newRun()
  const session = await StateSession.open(model.store.of(run.signal))
  const way = { given, ...(await stateToGoBackTo(session.state, model.store)) }
  const { nodes } = appliedBefore(way)
  const isOther = ({ address }: ClusterNode): boolean => !nodes.some((node) => node.address === address)
  const others = [...given.nodes, ...leavingNodes(way.before, given)].filter(isOther)
  const access = modelAccess(model, run, { nodes, others, skipUnreachable })
  const operation = operationOf(model, run, { skipUnreachable })
  const { view } = await prepareAbort(way, connectedBy(access), waysOf(model, access), operation)
  const { bundle } = view.target.wanted.material
  return prepared(model, { run, session, access, bundle, plan: planAbort(view).plan })
}

const connectedBy = ({ nodes, lost }: ModelAccess): Connected => ({
  nodes,
  skipped: lost.map((host) => new ConnectionError('timed-out', 'it cannot be reached', { host })),
  close: async () => {},
})

/** The machines by calls, and certificates that take no time to make. */
function waysOf(
  model: ModelCluster,
  access: ModelAccess,
): RestoreWays<{ readonly target: ClusterView; readonly machines: ReadonlyMap<string, ObservedNode> }> {
  return {
    observe: async () => access.observe(),
    etcd: () => ({ at: access.etcd, close: async () => {} }),
    again: async (config, { state, keepsEncryption }) => {
      const machines = access.observe()
      const staying = config.nodes.flatMap(({ address }) => machines.get(address) ?? [])
      const material = await model.materialOf(state, { config, keepsEncryption })
      return {
        machines,
        target: {
          wanted: { config, given: config, catalog, input: inputOf(config), material, addons: ADDONS },
          known: { state, hasState: true, leaving: [] },
          seen: {
            machines: new Map(staying.map((machine) => [machine.address, cleaned(machine)])),
            unreachable: access.lost,
            etcd: undefined,
            kube: undefined,
            unhealthyServers: new Set(),
          },
          options: { checkPorts: false },
        },
      }
    },
  }
}
