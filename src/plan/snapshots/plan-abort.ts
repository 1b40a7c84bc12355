import { usesSelinuxType } from '../../desired/selinux.ts'
import { Secret } from '../../secret.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import type { Action } from '../action.ts'
import { type Decision, decide } from '../decide.ts'
import { ids } from '../model/ids.ts'
import { joinPlans } from '../model/join-plans.ts'
import { makePlan } from '../model/plan.ts'
import type { Reason } from '../model/reason.ts'
import { cleanNode } from '../plan-removal.ts'
import { builtAgain } from './built-again.ts'
import { onEtcdData } from './etcd-data.ts'
import { planLeases, planSystemPods } from './plan-settle.ts'
import { helperImageOn, type RestoreView } from './restore-view.ts'

/** All that the way back from a restore follows from. */
export interface AbortView extends Pick<RestoreView, 'machines' | 'target'> {
  /** The state from before the restore. */
  readonly before: ClusterState
  /** Which restore (`OfRestore`). */
  readonly restore: string
}

const BECAUSE: readonly Reason[] = [{ kind: 'restore-aborted' }]

/** The state stays what it is until the cluster from before works: then the state from before takes its place as a whole. */
const OF_STATE: ReadonlySet<string> = new Set(['state.commit', 'state.publish'])

/**
 * The way back from a restore that is not done: takes everything off the machines, puts etcd's data back, and builds the
 * cluster on it that was there before. Pure.
 */
export function planAbort({ before, restore, machines, target }: AbortView): Decision {
  const decision = decide({ ...target, options: { ...target.options, checkPorts: false } })
  const { basis, plan: up } = decision
  const { early, later } = builtAgain(up.actions, { kind: 'restore-aborted' })
  const { config } = target.wanted
  const cleaning = { snapshots: false, keepsEtcdData: true, because: { kind: 'restore-aborted' } } as const
  const all = [...machines.values()]
  const putBack = all.map((machine): Action => {
    const { kubernetesFolder: _, ...place } = onEtcdData(config, machine, helperImageOn(machine, config))
    return {
      kind: 'etcd.data.put-back',
      id: ids.putBack(machine.address),
      ...place,
      restore,
      because: BECAUSE,
      after: [],
    }
  })
  // Members of the restored cluster are not always those of the one before.
  const scratch = all.map(
    (machine): Action => ({
      kind: 'scratch.delete',
      id: ids.scratch(machine.address),
      node: machine.address,
      image: helperImageOn(machine, config),
      selinux: usesSelinuxType(config.kubernetesVersion, machine.facts),
      because: BECAUSE,
      after: [],
    }),
  )
  const pods = planSystemPods(basis, BECAUSE)
  const undo: Action = {
    kind: 'restore.undo',
    id: ids.mark('undo'),
    state: new Secret(before),
    because: BECAUSE,
    after: [...pods, ...scratch].map(({ id }) => id),
  }
  const plan = joinPlans([
    { name: 'fetch', plan: makePlan(early) },
    { name: 'clean', plan: makePlan(all.flatMap((machine) => cleanNode(config, machine, cleaning))) },
    { name: 'data', plan: makePlan(putBack) },
    {
      name: 'up',
      plan: makePlan([...later.filter(({ kind }) => !OF_STATE.has(kind)), planLeases(basis)], up.windows),
    },
    { name: 'settle', plan: makePlan([...pods, ...scratch, undo]) },
  ])
  return { ...decision, plan }
}
