import { quorumOf } from '../../../src/etcd/members/quorum.ts'
import { nodesWithRole } from '../../../src/role.ts'
import type { SimMachine } from '../../sim/sim-machine.ts'
import { wipe } from './faults.ts'
import { planOfRecovery } from './model-recover.ts'
import { expectMade, expectUpRefused, maybe, runStep, type Stage } from './stage.ts'

const MOST_RUNS = 6

/** Whether etcd of a healthy cluster can lose its quorum, and some data be left. */
export const canLoseQuorum = ({ model }: Stage): boolean =>
  nodesWithRole(model.config.nodes, 'etcd').length > 1

/**
 * A healthy cluster loses the quorum of etcd, which goes on with the data that is left, by runs that are killed.
 * @param bringBack has `up` make the cluster whole again
 */
export async function playRecovery(stage: Stage, bringBack: () => Promise<void>): Promise<void> {
  const { made, settle, violations } = stage
  made.make()
  await settle()
  const before = made.found()
  loseQuorum(stage)
  await settle()
  if (!(await recover(stage))) {
    violations.push('etcd cannot be recovered')
    return
  }
  await bringBack()
  await expectMade(stage, 'the recovered cluster', before)
  if (violations.length === 0) await discard(stage)
}

/** Machines are installed anew, at once or while they are off; of those that are off one may come back as it was. */
function loseQuorum({ model, random, tell }: Stage): void {
  const members = nodesWithRole(model.config.nodes, 'etcd').map(({ address }) => model.world.machine(address))
  const order = members.map((machine) => ({ machine, at: random(1000) })).sort((a, b) => a.at - b.at)
  const left = 1 + random(quorumOf(members.length) - 1)
  const lost = order.slice(left).map(({ machine }) => machine)
  const returns = random(2) === 0 && members.length > 2 ? lost[0] : undefined
  for (const machine of lost) {
    const isOff = machine === returns || random(2) === 0
    if (isOff) machine.powerOff()
    if (machine !== returns) wipe(machine)
    tell(`${machine.address}: ${isOff ? 'powered off' : ''}${machine === returns ? '' : ' wiped'}`)
  }
}

async function recover(stage: Stage): Promise<boolean> {
  const { model } = stage
  for (let run = 1; run <= MOST_RUNS; run++) {
    const trouble = run < 4 ? maybe(stage, 60) : undefined
    const ended = await runStep(stage, 'recover', () => planOfRecovery(model), trouble)
    if (ended === 'done') return true
    await stage.settle()
    if (model.store.state?.recovering !== undefined) await expectUpRefused(stage, 'etcd is being recovered')
  }
  return false
}

async function discard(stage: Stage): Promise<void> {
  const { model, violations } = stage
  for (let run = 1; run <= MOST_RUNS; run++) {
    const trouble = run < 4 ? maybe(stage, 12) : undefined
    const ended = await runStep(stage, 'discard', () => planOfRecovery(model, { discard: true }), trouble)
    if (ended === 'done') break
    if (run === MOST_RUNS) violations.push('what the recovery has kept cannot be discarded')
  }
  violations.push(...model.world.machines.flatMap(keptOn).map((path) => `not discarded: ${path}`))
}

const keptOn = ({ address, disk }: SimMachine): readonly string[] =>
  disk
    .below('/var/lib/etcd')
    .filter((path) => path.startsWith('/var/lib/etcd/before-recover'))
    .map((path) => `${address} ${path}`)
