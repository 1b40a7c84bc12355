import { beforeEach, describe, expect, it } from 'vitest'
import type { SimMachine } from '../../sim/sim-machine.ts'
import { cluster } from './clusters.ts'
import { eventsOf, reasonsOf, Scenario } from './support.ts'

const ALL = 'controlplane, etcd, worker'
const THREE = cluster({ 11: ALL, 12: ALL, 13: ALL })
const DEAD = '10.66.0.13'

let scenario: Scenario

beforeEach(async () => {
  scenario = await Scenario.up(THREE, cluster({ 11: ALL, 12: ALL, 13: ALL, 14: ALL }))
  machine(DEAD).reachable = false
})

describe('a node that does not answer', () => {
  it('stops up with the reason, before anything is changed', async () => {
    scenario.writes()
    await expect(scenario.up().result).rejects.toThrow(DEAD)
    expect(scenario.writes()).toEqual([])
  })

  it('is left out if that is asked for: the rest is done, and the run fails at its end and names it', async () => {
    machine('10.66.0.12').docker.remove('kube-scheduler', true)
    await expect(scenario.up({ skipUnreachable: true }).result).rejects.toThrow(
      `Provisioning incomplete, host(s) [${DEAD}] skipped because they could not be contacted`,
    )
    expect(machine('10.66.0.12').docker.containers.map(({ name }) => name)).toContain('kube-scheduler')
  })

  it('is still taken out of etcd and Kubernetes after a run that skipped it', async () => {
    await expect(scenario.up({ skipUnreachable: true }).result).rejects.toThrow('skipped')
    const smaller = scenario.with(cluster({ 11: ALL, 12: ALL }))
    expect(Object.keys(reasonsOf(await smaller.plan()))).toEqual(
      expect.arrayContaining([`node/${DEAD}/etcd-member/remove`, `node/${DEAD}/delete`]),
    )
    await smaller.up().result
    expect(members()).toEqual(['10.66.0.11', '10.66.0.12'])
    expect(smaller.kube.list('v1', 'Node')).toHaveLength(2)
    expect((await smaller.plan()).steps).toEqual([])
  })

  it('is told of when it leaves: what nobody can take off it', async () => {
    const events = await eventsOf(scenario.with(cluster({ 11: ALL, 12: ALL, 14: ALL })).up())
    const warnings = events.flatMap((event) => (event.type === 'notice' ? [event.text] : []))
    expect(warnings).toContainEqual(
      expect.stringMatching(
        /host \[10\.66\.0\.13\] leaves the cluster .* cannot be reached.*\/etc\/kubernetes.*data of etcd/,
      ),
    )
    expect(members()).toEqual(['10.66.0.11', '10.66.0.12', '10.66.0.14'])
  })

  it('that was never part of the cluster is not remembered when it was skipped', async () => {
    machine(DEAD).reachable = true
    machine('10.66.0.14').reachable = false
    const larger = scenario.with(cluster({ 11: ALL, 12: ALL, 13: ALL, 14: 'worker' }))
    await expect(larger.up({ skipUnreachable: true }).result).rejects.toThrow('10.66.0.14')
    expect((await scenario.plan()).steps.filter(({ node }) => node === '10.66.0.14')).toEqual([])
  })
})

function machine(address: string): SimMachine {
  return scenario.world.machine(address)
}

function members(): readonly string[] {
  const all = machine('10.66.0.11').etcd?.cluster.members ?? []
  return all.map(({ peerUrl }) => new URL(peerUrl).hostname).sort()
}
