import { nodesWithRole } from '../../role.ts'
import { Secret } from '../../secret.ts'
import type { Action } from '../action.ts'
import { type Decision, decide } from '../decide.ts'
import { ids } from '../model/ids.ts'
import { joinPlans } from '../model/join-plans.ts'
import { makePlan } from '../model/plan.ts'
import type { Reason } from '../model/reason.ts'
import { planPorts } from '../plan-ports.ts'
import { cleanNode } from '../plan-removal.ts'
import { builtAgain } from './built-again.ts'
import { planData } from './plan-data.ts'
import { planEnd } from './plan-end.ts'
import { planFetch } from './plan-fetch.ts'
import { planSettle, planTidyApi } from './plan-settle.ts'
import type { RestoreView } from './restore-view.ts'

/**
 * A restore, in parts: `fetch` gets everything to where it is needed and stops nothing; `begin` notes in the state what is
 * being done; `clean` takes the cluster off its machines, but for etcd's data; `data` sets that aside and restores the
 * snapshot; `up` is the plan of a new cluster; `settle` waits until it works and deletes what leads back. Where an earlier run
 * has got that far already, `end` does what is left of it. Pure.
 */
export function planRestore(restore: RestoreView): Decision {
  const { target, machines, members: membersBefore, snapshot, notRestored = [] } = restore
  const { config } = target.wanted
  const { caRotation } = target.known.state
  const decision = decide({ ...target, options: { ...target.options, checkPorts: false } })
  const { basis, plan: up } = decision
  const { early, later } = builtAgain(up.actions, { kind: 'snapshot-restored' })
  const members = nodesWithRole(
    basis.nodes.map(({ node }) => node),
    'etcd',
  )
  const addresses = members.map(({ address }) => address)
  const named = new Set(config.nodes.map(({ address }) => address))
  const because = (address: string): Reason =>
    named.has(address) ? { kind: 'snapshot-restored' } : { kind: 'former-node' }
  const cleaning = { snapshots: false, keepsEtcdData: true }
  const ports = planPorts({ ...basis, options: target.options, seen: { ...basis.seen, machines } })
  const begin: Action = {
    kind: 'restore.begin',
    id: ids.mark('begin'),
    snapshot: snapshot.file.name,
    state: new Secret({
      ...basis.states.begun,
      ...(caRotation && { caRotation }),
      ...(notRestored.length > 0 && { notRestored }),
    }),
    formerMembers: [...restore.formerMembers],
    ...(membersBefore && { members: membersBefore }),
    digest: snapshot.content.hash,
    startedAt: restore.startedAt,
    because: [{ kind: 'snapshot-restored' }],
    after: [],
  }
  const left = (startedAt: string) => ({ ...restore, config, startedAt })
  const { finished } = restore
  const plan = joinPlans([
    ...(finished === undefined ? [] : [{ name: 'end', plan: makePlan(planEnd(left(finished))) }]),
    {
      name: 'fetch',
      plan: makePlan([...ports, ...planFetch(restore, addresses, early)]),
    },
    { name: 'begin', plan: makePlan([begin]) },
    {
      name: 'clean',
      plan: makePlan(
        [...machines.values()].flatMap((machine) =>
          cleanNode(config, machine, { ...cleaning, because: because(machine.address) }),
        ),
      ),
    },
    { name: 'data', plan: makePlan(planData(restore, members)) },
    {
      name: 'up',
      plan: makePlan([...later, ...planTidyApi(basis)], up.windows),
    },
    {
      name: 'settle',
      plan: makePlan(planSettle(basis, left(restore.startedAt))),
    },
  ])
  return { ...decision, plan }
}
