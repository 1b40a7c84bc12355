import { expect, test } from 'vitest'
import { cluster } from './clusters.ts'
import { killedInWrite } from './crash.ts'
import { randomKills, seed } from './random.ts'
import { Scenario } from './support.ts'

const MASTER = 'controlplane, etcd, worker'
const BEFORE = cluster({ 11: MASTER })
const AFTER = `${cluster({ 11: MASTER, 12: 'worker' })}services: {kubelet: {extra_args: {v: "3"}}}\n`
const WORKER = ['kube-proxy', 'kubelet', 'nginx-proxy', 'service-sidekick']

for (const { number, moment } of randomKills(6, 30)) {
  test(`killed ${moment} write ${number}, up --update-only goes on with the new worker (seed ${seed})`, async () => {
    const scenario = (await Scenario.up(BEFORE, AFTER)).with(AFTER)
    const { up } = scenario
    scenario.up = (options, deps) => up.call(scenario, { ...options, updateOnly: true }, deps)
    const kubelet = scenario.world.machine('10.66.0.11').docker.find('kubelet').id
    await killedInWrite(scenario, number, moment)
    await scenario.up().result
    const { containers } = scenario.world.machine('10.66.0.12').docker
    expect(containers.map(({ name }) => name).sort()).toEqual(WORKER)
    expect(scenario.world.machine('10.66.0.11').docker.find('kubelet').id).toBe(kubelet)
  })
}
