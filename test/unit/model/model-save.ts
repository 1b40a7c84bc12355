import type { Event } from '../../../src/engine/events.ts'
import { StateError } from '../../../src/errors.ts'
import type { SeenMember } from '../../../src/plan/snapshots/members-to-save.ts'
import { planSave } from '../../../src/plan/snapshots/plan-save.ts'
import { nodesWithRole } from '../../../src/role.ts'
import { Secret } from '../../../src/secret.ts'
import { runPlan } from '../../../src/session/run/run-plan.ts'
import { serialiseState } from '../../../src/state/state-json.ts'
import { catalog } from '../fixture.ts'
import { modelAccess } from './model-access.ts'
import { ignore, type ModelCluster, type Prepared } from './model-cluster.ts'

const PLENTY = 1e12

/** As `saveSnapshot` prepares: everything up to the plan, or a refusal. */
export async function prepareSave(model: ModelCluster, name: string): Promise<Prepared> {
  const { config, store } = model
  const run = model.newRun()
  const state = store.state
  if (state === undefined) throw new StateError('there is no state')
  const access = modelAccess(model, run, { skipUnreachable: true })
  const machines = access.observe()
  const members = await Promise.all(
    nodesWithRole(config.nodes, 'etcd').map(async (node): Promise<readonly SeenMember[]> => {
      const machine = machines.get(node.address)
      if (machine === undefined) return []
      if (machine.containers.get('etcd')?.State.Running !== true) return [{ node, machine }]
      const health = await access.etcd(node.address).health(run.signal)
      return [{ node, machine, health, folder: { freeBytes: PLENTY, files: [] } }]
    }),
  )
  const { plan } = planSave({
    config,
    backupImage: catalog.backupImage(config.systemImages.alpine),
    name,
    state: new Secret(serialiseState(state)),
    members: members.flat(),
    now: new Date(),
    overwrite: false,
    breakLock: true,
  })
  const notes = { saved: ignore, notCopied: ignore, whyNotCopied: () => undefined }
  const apply = async (onEvent: (event: Event) => void = ignore): Promise<void> => {
    const bundle = state.currentState.certificatesBundle ?? state.desiredState.certificatesBundle ?? {}
    const context = { ...model.contextOf(access, run, bundle), snapshots: () => notes }
    await runPlan(plan, context, { abort: run.signal }, onEvent)
  }
  return { plan, run, apply }
}
