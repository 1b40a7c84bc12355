import { expect, test } from 'vitest'
import { TWO_NODES } from './clusters.ts'
import {
  expectOneAuthority,
  expectTidy,
  goOn,
  killedInWrite,
  killedWhen,
  MOMENTS,
  storedAuthority,
} from './crash.ts'
import { randomFrom, seed } from './random.ts'
import { Scenario } from './support.ts'

/** A change of most services, on top of what was lost. */
const CHANGED = `${TWO_NODES}
services:
  etcd: {extra_args: {heartbeat-interval: "200"}}
  kube-api: {extra_args: {v: "3"}}
  kubelet: {extra_args: {v: "3"}}
`

/** A cluster that lost a container, has one stopped, misses files, and is to be changed besides. */
async function damaged(): Promise<Scenario> {
  const scenario = await Scenario.up(TWO_NODES)
  const master = scenario.world.machine('10.66.0.11')
  const worker = scenario.world.machine('10.66.0.12')
  worker.docker.remove('nginx-proxy', true)
  master.docker.stop('kube-scheduler')
  master.disk.remove('/etc/kubernetes/admission.yaml')
  worker.disk.write('/etc/kubernetes/ssl/kube-proxy.pem', 'half a cert')
  return scenario.with(CHANGED)
}

const example = await damaged()
const { steps } = await example.plan()
example.writes()
await example.up().result
const writes = example.writes().length

test('the repair replaces, creates, starts and uploads', () => {
  expect(new Set(steps.map(({ kind }) => kind))).toEqual(
    new Set([
      'files.upload',
      'etcd.permissions',
      'container.replace',
      'container.create',
      'container.start',
      'service.health',
      'logs.clean',
      'state.commit',
      'state.publish',
      'node.ready',
    ]),
  )
})

async function expectRepaired(scenario: Scenario, authority: string | undefined): Promise<void> {
  await expectOneAuthority(scenario)
  await goOn(scenario)
  expect(await storedAuthority(scenario)).toBe(authority)
  await expectOneAuthority(scenario)
  expectTidy(scenario)
}

test.each(steps.map(({ id }, index) => ({ number: index + 1, id })))(
  'killed after step $number of a repair, $id, up goes on to the same cluster',
  async ({ id }) => {
    const scenario = await damaged()
    const authority = await storedAuthority(scenario)
    await killedWhen(scenario, (event) => event.type === 'done' && event.step.id === id)
    await expectRepaired(scenario, authority)
  },
)

const random = randomFrom(seed)
test.each(
  Array.from({ length: 12 }, () => ({
    seed,
    number: 1 + random(writes),
    moment: MOMENTS[random(MOMENTS.length)] ?? 'after',
  })),
)(
  'killed $moment write $number of a repair (seed $seed), up goes on to the same cluster',
  async ({ number, moment }) => {
    const scenario = await damaged()
    const authority = await storedAuthority(scenario)
    await killedInWrite(scenario, number, moment)
    await expectRepaired(scenario, authority)
  },
)
