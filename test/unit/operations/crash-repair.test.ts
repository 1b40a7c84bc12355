import { expect, test } from 'vitest'
import { KillSwitch } from '../../sim/kill-switch.ts'
import { TWO_NODES } from './clusters.ts'
import { expectSameCluster, expectTidy, goOn, killedInWrite, killedWhen, storedAuthority } from './crash.ts'
import { randomKills, seed } from './random.ts'
import { Scenario } from './support.ts'

/** A change of most services, on top of what was lost. */
const CHANGED = `${TWO_NODES}
services:
  etcd: {extra_args: {heartbeat-interval: "200"}}
  kube-api: {extra_args: {v: "3"}}
  kubelet: {extra_args: {v: "3"}}
dns: {provider: coredns, upstreamnameservers: [192.0.2.53]}
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
  const kinds = new Set(steps.map(({ kind }) => kind))
  expect([...kinds]).toEqual(
    expect.arrayContaining([
      'files.upload',
      'container.replace',
      'container.create',
      'container.start',
      'state.commit',
    ]),
  )
})

for (const [index, { id }] of steps.entries()) {
  test(`killed after step ${index + 1} of a repair, ${id}, up goes on to the same cluster`, async () => {
    const scenario = await damaged()
    const authority = await storedAuthority(scenario)
    const isIt = (event: { type: string; step?: { id: string } }) =>
      event.type === 'done' && event.step?.id === id
    expect((await killedWhen(scenario, isIt)).done).toBeGreaterThan(0)
    await expectSameCluster(scenario, authority)
    await goOn(scenario)
    await expectSameCluster(scenario, authority)
    expectTidy(scenario)
  })
}

for (const { number, moment } of randomKills(3, writes)) {
  test(`killed ${moment} write ${number} of a repair, up goes on to the same cluster (seed ${seed})`, async () => {
    const scenario = await damaged()
    const authority = await storedAuthority(scenario)
    await killedInWrite(scenario, number, moment)
    await expectSameCluster(scenario, authority)
    await goOn(scenario)
    await expectSameCluster(scenario, authority)
    expectTidy(scenario)
  })
}

test('killed between a manifest and its Job, up applies the manifest also where RKE 1 made the Job before', async () => {
  const scenario = (await Scenario.up(TWO_NODES)).with(CHANGED)
  const { world, kube } = scenario
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    namespace: 'kube-system',
    name: 'rke-coredns-addon-deploy-job',
  }
  kube.patch(job, { metadata: { annotations: null } })
  const victim = new KillSwitch(world, scenario.store)
  world.hooks.after = ({ method, path }) => {
    if (method === 'PATCH' && path.endsWith('/configmaps/rke-coredns-addon')) victim.kill()
  }
  await Promise.allSettled([scenario.up({ abort: victim.signal }, victim.deps).result])
  expect(victim.signal.aborted).toBe(true)
  world.hooks = {}
  await goOn(scenario)
  expect(kube.applied.get('rke-coredns-addon')).toContain('192.0.2.53')
  expectTidy(scenario)
})
