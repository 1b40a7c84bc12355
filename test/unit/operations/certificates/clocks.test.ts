import { expect, test } from 'vitest'
import { rotateAuthorities } from '../../../../src/operations/certificates/rotate-authorities.ts'
import { parseCertificate } from '../../../../src/pki/encoding/certificate.ts'
import { keyPool } from '../../../sim/key-pool.ts'
import { ALL_ROLES, ONE_NODE } from '../clusters.ts'
import { eventsOf, Scenario } from '../support.ts'

const HOUR_MS = 60 * 60 * 1000
const B = '10.66.0.12'

const behind = async (hours: number): Promise<Scenario> => {
  const scenario = await Scenario.of(ALL_ROLES)
  scenario.world.machine(B).clockAheadMs = -hours * HOUR_MS
  return scenario
}
const texts = async (run: Parameters<typeof eventsOf>[0]): Promise<readonly string[]> =>
  (await eventsOf(run)).flatMap((event) => (event.type === 'notice' ? [event.text] : []))
const beginOf = async (scenario: Scenario, name: string): Promise<Date> => {
  const bundle = (await scenario.store.load())?.state.currentState.certificatesBundle
  return parseCertificate(bundle?.[name]?.certificatePEM ?? '').notBefore
}

test('a new cluster is trusted by a machine whose clock is a day behind: its certificates begin that much earlier', async () => {
  const scenario = await behind(24)
  const notices = await texts(scenario.up())
  expect(notices).toContainEqual(
    `the clock of host [${B}] is 24 hours behind that of this machine: a certificate that is issued now may not be valid there yet; set both by NTP`,
  )
  expect(notices).toContainEqual(
    expect.stringMatching(/^New certificates are valid from 144[01] minutes ago on/),
  )
  const thatTime = Date.now() - 24 * HOUR_MS
  expect((await beginOf(scenario, 'kube-ca')).getTime()).toBeLessThanOrEqual(thatTime)
  expect((await beginOf(scenario, 'kube-scheduler')).getTime()).toBeLessThanOrEqual(thatTime)
  expect((await scenario.plan()).steps).toEqual([])
})

test('the authorities of a rotation begin as much earlier as a clock is behind', async () => {
  const scenario = await Scenario.up(ONE_NODE)
  scenario.world.machine('10.66.0.11').clockAheadMs = -24 * HOUR_MS
  await rotateAuthorities(scenario.config, { ...scenario.deps, keys: keyPool(80) }, { immediately: true })
    .result
  const begin = (await beginOf(scenario, 'kube-ca')).getTime()
  expect(begin).toBeLessThanOrEqual(Date.now() - 24 * HOUR_MS)
})

test('a clock that is ahead is named, and certificates begin now, as with RKE', async () => {
  const scenario = await behind(-72)
  expect(await texts(scenario.up())).toContainEqual(
    expect.stringMatching(/^the clock of host \[10\.66\.0\.12\] is 3 days ahead of that of this machine/),
  )
  expect(Date.now() - (await beginOf(scenario, 'kube-ca')).getTime()).toBeLessThan(HOUR_MS)
})

test('an authority that is there keeps its rule: what it issues begins when it does, whatever a clock says', async () => {
  const scenario = await Scenario.up(ONE_NODE)
  const begin = await beginOf(scenario, 'kube-ca')
  scenario.world.machine('10.66.0.11').clockAheadMs = -24 * HOUR_MS
  const wider = scenario.with(`${ONE_NODE}\nauthentication: {sans: [api.example.org]}\n`)
  const notices = await texts(wider.up())
  expect(notices.filter((text) => /clock of host/.test(text))).toHaveLength(1)
  expect(await beginOf(wider, 'kube-apiserver')).toEqual(begin)
})

test('clocks that differ by less than a minute are not spoken of', async () => {
  const scenario = await behind(59 / 3600)
  expect((await texts(scenario.up())).filter((text) => /clock|minutes ago/.test(text))).toEqual([])
})
