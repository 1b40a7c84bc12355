import { describe, expect, test } from 'vitest'
import type { Event } from '../../../../src/engine/events.ts'
import { checkCertificates } from '../../../../src/operations/certificates/check-certificates.ts'
import { rotateAuthorities } from '../../../../src/operations/certificates/rotate-authorities.ts'
import {
  type RotateOptions,
  rotateCertificates,
} from '../../../../src/operations/certificates/rotate-certificates.ts'
import type { Deps, RunOptions } from '../../../../src/session/deps.ts'
import { VirtualTime } from '../../../sim/direct/virtual-time.ts'
import { keyPool } from '../../../sim/key-pool.ts'
import { WatchedStore } from '../../../sim/watched-store.ts'
import { cluster, ONE_NODE } from '../clusters.ts'
import { expectTidy, killedWhen } from '../crash.ts'
import { builtLongAgo, expire } from '../expired-cluster.ts'
import { Scenario } from '../support.ts'

const ALL = 'controlplane, etcd, worker'
const FOUR = cluster({ 11: ALL, 12: ALL, 13: ALL, 14: 'worker' })
/** Others than those that clusters are built with. */
const keys = keyPool(80)
const LONG_AGO = builtLongAgo(FOUR, keys)

/** Time passes at once: a server with another CA is waited for. */
const quick = ({ world }: Scenario): Pick<Deps, 'time'> => ({ time: new VirtualTime(world) })
const rotate = (scenario: Scenario, options: RotateOptions = {}, more: Partial<Deps> = {}) =>
  rotateCertificates(scenario.config, { ...scenario.deps, ...quick(scenario), keys, ...more }, options)
const replaceCa = ({ config, deps }: Scenario, options: RunOptions = {}, more: Partial<Deps> = {}) =>
  rotateAuthorities(config, { ...deps, keys, ...more }, { immediately: true, ...options })
const stateOf = async ({ store }: Scenario) => {
  const state = (await store.load())?.state
  if (state === undefined) throw new TypeError('there is no state')
  return state
}
const caOf = async (scenario: Scenario) =>
  (await stateOf(scenario)).desiredState.certificatesBundle?.['kube-ca']?.certificatePEM

/** All is in use everywhere, and nothing is remembered or left to do. */
async function expectWhole(scenario: Scenario): Promise<void> {
  const { currentState, caRotation } = await stateOf(scenario)
  expect(currentState.nodesLeftOut).toBeUndefined()
  expect(caRotation).toBeUndefined()
  const ca = currentState.certificatesBundle?.['kube-ca']?.certificatePEM
  for (const { disk } of scenario.world.machines) {
    expect(disk.read('/etc/kubernetes/ssl/kube-ca.pem')).toBe(ca)
  }
  expect((await scenario.plan()).steps).toEqual([])
  expectTidy(scenario)
}

describe.each(['10.66.0.13', '10.66.0.14'])(
  'a node that was off while an ended CA was replaced (%s)',
  (off) => {
    const leftOut = async (): Promise<Scenario> => {
      const scenario = await (await LONG_AGO).copy()
      await expire(scenario, { authorities: true, keys })
      scenario.world.machine(off).powerOff()
      const run = rotate(scenario, { skipUnreachable: true })
      await expect(run.result).rejects.toThrow(`renewed, but for host(s) [${off}]`)
      return scenario
    }

    test('alone gets the same certificates from the next rotation, and all others run on', async () => {
      const scenario = await leftOut()
      const ca = await caOf(scenario)
      scenario.world.machine(off).powerOn()
      const { atOnce, issued, steps } = await rotate(scenario, { dryRun: true }).result
      expect({ atOnce, issued }).toEqual({ atOnce: false, issued: [] })
      const restarts = steps.filter(({ kind }) => kind === 'container.restart')
      expect(new Set(restarts.map(({ node }) => node))).toEqual(new Set([off]))
      scenario.writes()
      await rotate(scenario).result
      expect(await caOf(scenario)).toBe(ca)
      await expectWhole(scenario)
    })

    test('is brought in by up as well, after a kill in it, too', async () => {
      const scenario = await leftOut()
      scenario.world.machine(off).powerOn()
      const isBegun = (event: Event): boolean =>
        event.type === 'done' && event.step.kind === 'container.restart'
      await killedWhen(scenario, isBegun, (options, deps) =>
        scenario.up(options, { ...deps, ...quick(scenario) }),
      )
      const { steps } = await scenario.up({}, quick(scenario)).result
      expect(steps.map(({ id }) => id)).toContain(`node/${off}/restart/kubelet`)
      await expectWhole(scenario)
    })

    test('is said to lack them by cert check', async () => {
      const scenario = await leftOut()
      const check = () => checkCertificates(scenario.config, scenario.deps).result
      expect((await check()).unreachable).toEqual([expect.objectContaining({ host: off })])
      scenario.world.machine(off).powerOn()
      const { problems, verdict } = await check()
      expect(verdict).toBe('failed')
      expect(problems).toContainEqual(
        expect.objectContaining({
          node: off,
          message: expect.stringMatching(/kube-ca\.pem is not replaced yet: the node was left out; "rke up"/),
        }),
      )
    })
  },
)

test('a rotation while a node is still off is a new one, and the node gets what it lacks of all', async () => {
  const scenario = await Scenario.up(FOUR)
  scenario.world.machine('10.66.0.14').powerOff()
  const keyOf = async () =>
    (await stateOf(scenario)).currentState.certificatesBundle?.['kube-scheduler']?.keyPEM
  const seen = new Set([await keyOf()])
  for (const services of [[], ['kube-scheduler']]) {
    const run = rotate(scenario, { skipUnreachable: true, services })
    await expect(run.result).rejects.toThrow('renewed, but for host(s) [10.66.0.14]')
    seen.add(await keyOf())
  }
  expect(seen.size).toBe(3)
  scenario.world.machine('10.66.0.14').powerOn()
  const { issued, finished } = await rotate(scenario).result
  expect(issued).toEqual([])
  expect(finished).toEqual(expect.arrayContaining(['kube-node', 'kube-scheduler']))
  await expectWhole(scenario)
})

test('after a kill midway everything is restarted once more, whatever has its certificates by then', async () => {
  const scenario = await (await LONG_AGO).copy()
  await expire(scenario, { authorities: true, keys })
  scenario.world.machine('10.66.0.14').powerOff()
  const isLate = (event: Event): boolean =>
    event.type === 'done' && event.step.id === 'node/10.66.0.12/restart/kubelet'
  await killedWhen(scenario, isLate, (options, deps) =>
    rotate(scenario, { ...options, skipUnreachable: true }, deps),
  )
  scenario.world.machine('10.66.0.14').powerOn()
  const { atOnce, steps } = await rotate(scenario).result
  expect(atOnce).toBe(true)
  const restarts = steps.filter(({ kind }) => kind === 'container.restart')
  expect(new Set(restarts.map(({ node }) => node)).size).toBe(4)
  await expectWhole(scenario)
})

describe('--rotate-ca --immediately on a cluster that serves', () => {
  const OWNER = 'anna@laptop:/cluster.yml'

  test('leaves a node out if that is asked for, which the next up brings in', async () => {
    const scenario = await Scenario.up(FOUR)
    const before = await caOf(scenario)
    scenario.world.machine('10.66.0.13').powerOff()
    await expect(replaceCa(scenario).result).rejects.toMatchObject({
      host: '10.66.0.13',
      hint: expect.stringContaining('--immediately --skip-unreachable'),
    })
    await expect(replaceCa(scenario, { skipUnreachable: true }).result).rejects.toMatchObject({
      message: expect.stringContaining('renewed, but for host(s) [10.66.0.13]'),
      hint: expect.stringContaining('rke up'),
    })
    scenario.world.machine('10.66.0.13').powerOn()
    const ca = await caOf(scenario)
    expect(ca).not.toBe(before)
    await scenario.up({}, quick(scenario)).result
    expect(await caOf(scenario)).toBe(ca)
    await expectWhole(scenario)
  })

  test('is refused while another operator changes the cluster, and nothing is changed', async () => {
    const scenario = await Scenario.up(ONE_NODE)
    const time = new Date().toISOString().replace('Z', '000Z')
    scenario.kube.create({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'rke-run', namespace: 'kube-system' },
      ...{
        spec: { holderIdentity: 'bob@box', renewTime: time, acquireTime: time, leaseDurationSeconds: 60 },
      },
    })
    scenario.writes()
    const before = await stateOf(scenario)
    await expect(replaceCa(scenario, { owner: OWNER }).result).rejects.toThrow('being changed by bob@box')
    expect(scenario.writes()).toEqual([])
    expect(await stateOf(scenario)).toEqual(before)
  })

  test('leaves no lease behind', async () => {
    const scenario = await Scenario.up(ONE_NODE)
    await replaceCa(scenario, { owner: OWNER }).result
    const leases = scenario.kube.list('coordination.k8s.io/v1', 'Lease', 'kube-system')
    expect(leases.map(({ metadata }) => metadata.name)).not.toContain('rke-run')
  })

  test('is refused with a state that is older than the cluster, and nothing is changed', async () => {
    const first = await Scenario.up(ONE_NODE)
    const store = new WatchedStore()
    await store.save(await stateOf(first), undefined)
    await first.with(`${ONE_NODE}services: {kubelet: {extra_args: {v: "3"}}}\n`).up().result
    const second = new Scenario(first.config, first.world, store)
    second.writes()
    await expect(replaceCa(second).result).rejects.toThrow('changed with another state file')
    expect(second.writes()).toEqual([])
  })
})
