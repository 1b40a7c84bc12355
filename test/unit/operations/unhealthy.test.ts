import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { realTime, type Time } from '../../../src/time.ts'
import { cluster } from './clusters.ts'
import { Scenario } from './support.ts'

const ALL = 'controlplane, etcd, worker'
const THREE = { 11: ALL, 12: ALL, 13: ALL }
const OPTION = 'services: {kube-api: {extra_args: {max-requests-inflight: "500"}}}\n'
const ENCRYPTION = 'services: {kube-api: {secrets_encryption_config: {enabled: true}}}\n'

/** Puts in the place of a component one that runs, for Docker, and answers nobody. */
function hang({ world }: Scenario, address: string, name: string): void {
  const { docker } = world.machine(address)
  const { spec } = docker.find(name)
  docker.remove(name, true)
  docker.start(docker.create(name, { ...spec, Cmd: [...(spec.Cmd ?? []), '--fate=hangs'] }).id)
}

/** Time that passes a hundred times as fast, but for requests: what answers at all needs its time on a busy machine. */
const fast: Time = {
  pause: (milliseconds, signal) => setTimeout(milliseconds / 100, undefined, { signal }),
  limit: (milliseconds) => AbortSignal.timeout(Math.max(milliseconds / 100, Math.min(milliseconds, 1_500))),
}

const replaced = (steps: readonly { readonly id: string }[], name: string): readonly string[] =>
  steps.flatMap(({ id }) => (id.endsWith(`/container/${name}`) ? [id.split('/')[1] ?? ''] : []))

async function expectWell(scenario: Scenario): Promise<void> {
  expect((await scenario.plan()).steps).toEqual([])
}

test('an API server that answers nobody is replaced before one that serves stops', async () => {
  const scenario = (await Scenario.up(cluster(THREE))).with(`${cluster(THREE)}${OPTION}`)
  hang(scenario, '10.66.0.13', 'kube-apiserver')
  const { steps } = await scenario.plan({ time: fast })
  expect(replaced(steps, 'kube-apiserver')).toEqual(['10.66.0.13', '10.66.0.11', '10.66.0.12'])
  await scenario.up({}, { time: fast }).result
  await expectWell(scenario)
})

test('the encryption of Secrets is not changed before all API servers are well', async () => {
  const scenario = (await Scenario.up(cluster(THREE))).with(`${cluster(THREE)}${ENCRYPTION}`)
  hang(scenario, '10.66.0.12', 'kube-apiserver')
  await expect(scenario.up({}, { time: fast }).result).rejects.toThrow(
    'the API servers on 10.66.0.12 were not healthy',
  )
  await scenario.up().result
  await expectWell(scenario)
})

test('an API server that was just started is waited for', async () => {
  const scenario = (await Scenario.up(cluster(THREE))).with(`${cluster(THREE)}${ENCRYPTION}`)
  const { docker } = scenario.world.machine('10.66.0.12')
  const { spec } = docker.find('kube-apiserver')
  hang(scenario, '10.66.0.12', 'kube-apiserver')
  const comesUp: Time = {
    ...realTime,
    pause: async () => {
      if (docker.get('kube-apiserver')?.process?.flag('fate') === undefined) return
      docker.remove('kube-apiserver', true)
      docker.start(docker.create('kube-apiserver', spec).id)
    },
  }
  const { steps } = await scenario.plan({ time: comesUp })
  expect(steps.map(({ id }) => id)).toContain('cluster/encryption/1')
})

test('an API server that a killed run has told to stop is taken for stopped once it has ended', async () => {
  const scenario = (await Scenario.up(cluster(THREE))).with(`${cluster(THREE)}${ENCRYPTION}`)
  const { docker } = scenario.world.machine('10.66.0.12')
  hang(scenario, '10.66.0.12', 'kube-apiserver')
  const ends: Time = {
    ...realTime,
    pause: async () => {
      if (docker.find('kube-apiserver').isActive) docker.stop('kube-apiserver')
    },
  }
  const { steps } = await scenario.plan({ time: ends })
  const ids = steps.map(({ id }) => id)
  expect(ids).toContain('cluster/encryption/1')
  expect(ids).toContain('node/10.66.0.12/container/kube-apiserver')
  await scenario.up().result
  await expectWell(scenario)
})

test('a member of etcd that answers nobody is replaced before another one is added', async () => {
  const larger = cluster({ ...THREE, 14: ALL })
  const scenario = (await Scenario.up(cluster(THREE), larger)).with(larger)
  hang(scenario, '10.66.0.12', 'etcd')
  await scenario.up().result
  await expectWell(scenario)
})

test('if the only one answers nobody it is replaced, and the node that is to join waits', async () => {
  const larger = cluster({ 11: ALL, 12: ALL })
  const scenario = (await Scenario.up(cluster({ 11: ALL }), larger)).with(larger)
  hang(scenario, '10.66.0.11', 'etcd')
  await expect(scenario.up({}, { time: fast }).result).rejects.toThrow('10.66.0.12')
  await scenario.up().result
  await expectWell(scenario)
})
