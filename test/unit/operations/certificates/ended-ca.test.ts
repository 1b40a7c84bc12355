import { createPrivateKey } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import type { Event } from '../../../../src/engine/events.ts'
import { rotateAuthorities } from '../../../../src/operations/certificates/rotate-authorities.ts'
import {
  type RotateOptions,
  rotateCertificates,
} from '../../../../src/operations/certificates/rotate-certificates.ts'
import { parseCertificate } from '../../../../src/pki/encoding/certificate.ts'
import { newEntry } from '../../../../src/pki/encoding/entry.ts'
import { issueAuthority } from '../../../../src/pki/issue/issue.ts'
import { Secret } from '../../../../src/secret.ts'
import type { Deps } from '../../../../src/session/deps.ts'
import { keyPool } from '../../../sim/key-pool.ts'
import { agent, dns } from '../../../sim/workloads.ts'
import { openCompany } from '../../pki/own-ca.ts'
import { cluster } from '../clusters.ts'
import { expectTidy, killedWhen } from '../crash.ts'
import { builtLongAgo, expire } from '../expired-cluster.ts'
import { eventsOf, type Scenario } from '../support.ts'
import { mounting, podsOf, settled } from './pods.ts'

const TWO = cluster({ 11: 'controlplane, etcd, worker', 12: 'worker' })
const keys = keyPool(30)
const ENDED = ended()

/** A cluster whose CA has ended, with pods of an add-on and of a user that trust it. */
async function ended(): Promise<Scenario> {
  const scenario = await builtLongAgo(TWO, keys)
  scenario.kube.create(mounting(dns(1)))
  scenario.kube.create(mounting(agent))
  await settled(scenario)
  await expire(scenario, { authorities: true, keys })
  return scenario
}

const rotate = ({ config, deps }: Scenario, options: RotateOptions = {}, more: Partial<Deps> = {}) =>
  rotateCertificates(config, { ...deps, keys, ...more }, options)
const stateOf = async ({ store }: Scenario) => {
  const state = (await store.load())?.state
  if (state === undefined) throw new TypeError('there is no state')
  return state
}
const caOf = async (scenario: Scenario) =>
  (await stateOf(scenario)).desiredState.certificatesBundle?.['kube-ca']?.certificatePEM ?? ''
const textsOf = (events: readonly Event[]) =>
  events.flatMap((event) => (event.type === 'notice' ? [event.text] : []))

/** All steps of a run that is not killed, those in Kubernetes among them. */
const steps = await (async () => {
  const events = await eventsOf(rotate(await (await ENDED).copy()))
  return events.flatMap((event) => (event.type === 'done' ? [event.step] : []))
})()

/** One of each kind, unless more kills are asked for: each takes a second. */
const killedAfter = process.env.RKE_TEST_KILLS
  ? steps
  : [...new Map(steps.map((step) => [step.kind, step])).values()]

describe('a CA that replaces one that has ended, by a run that is killed', () => {
  test.each(killedAfter.map(({ id }) => id))(
    'after %s, is finished by the next one: add-ons are new, and other pods are named',
    async (id) => {
      const scenario = await (await ENDED).copy()
      const before = [podsOf(scenario, 'coredns'), podsOf(scenario, 'agent')]
      const isIt = (event: Event): boolean => event.type === 'done' && event.step.id === id
      await killedWhen(scenario, isIt, (options, deps) => rotate(scenario, options, deps))
      const ca = await caOf(scenario)
      const up = scenario.up()
      const [said, outcome] = await Promise.all([eventsOf(up), Promise.allSettled([up.result])])
      expect([...textsOf(said), JSON.stringify(outcome)].join('\n')).toContain('rke cert rotate')
      const run = rotate(scenario)
      const events = await eventsOf(run)
      const { stillTrustOld } = await run.result
      expect(stillTrustOld).toEqual(['Deployment default/agent'])
      expect(textsOf(events)).toContain('Restart what trusts the old CA: Deployment default/agent')
      expect(await caOf(scenario)).toBe(ca)
      await settled(scenario)
      expect(podsOf(scenario, 'coredns')).toHaveLength(1)
      expect(podsOf(scenario, 'coredns')).not.toEqual(before[0])
      expect(podsOf(scenario, 'agent')).toEqual(before[1])
      const { caRotation, currentState } = await stateOf(scenario)
      expect(caRotation).toBeUndefined()
      expect(currentState.certificatesBundle?.['kube-ca']?.certificatePEM).toBe(ca)
      expect((await scenario.plan()).steps).toEqual([])
      expectTidy(scenario)
    },
  )
})

test('what a run would restart that goes on behind a kill is shown, and what another one would is said', async () => {
  const scenario = await (await ENDED).copy()
  const first = await eventsOf(rotate(scenario, { dryRun: true }))
  expect(textsOf(first).join('\n')).toContain('the add-ons of the cluster are restarted')
  const isDone = (event: Event): boolean => event.type === 'done' && event.step.kind === 'state.commit'
  await killedWhen(scenario, isDone, (options, deps) => rotate(scenario, options, deps))
  scenario.writes()
  for (const run of [
    rotate(scenario, { dryRun: true }),
    rotateAuthorities(scenario.config, { ...scenario.deps, keys }, { dryRun: true }),
  ]) {
    const { steps, atOnce } = await run.result
    expect(atOnce).toBe(false)
    expect(steps.slice(-2).map(({ kind }) => kind)).toEqual(['root-ca.published', 'workload.restart'])
    expect(steps.map(({ title }) => title).join('\n')).toContain('coredns')
  }
  expect(scenario.writes()).toEqual([])
})

test('certificates of the user’s own are not taken, and a request of cluster.yml is not recorded, by a run that goes on', async () => {
  const scenario = await (await ENDED).copy()
  const isDone = (event: Event): boolean => event.type === 'done' && event.step.kind === 'state.commit'
  await killedWhen(scenario, isDone, (options, deps) => rotate(scenario, options, deps))
  scenario.writes()
  const refused = {
    message: expect.stringContaining('the CA is being replaced at once'),
    hint: expect.stringContaining(
      '"rke cert rotate", which goes on with it; then run the same command again',
    ),
  }
  await expect(rotate(scenario, { certificates: new Map() }).result).rejects.toMatchObject(refused)
  const asking = scenario.with(`${TWO}rotate_certificates: {}\n`)
  await expect(asking.up().result).rejects.toMatchObject(refused)
  expect(scenario.writes()).toEqual([])
  const events = await eventsOf(rotate(scenario, { services: ['kubelet'] }))
  expect(textsOf(events).join('\n')).toContain('all certificates are new, whatever service is named')
})

test('a CA that replaces one that has ended is trusted by a machine whose clock is behind', async () => {
  const scenario = await (await ENDED).copy()
  scenario.world.machine('10.66.0.12').clockAheadMs = -24 * 60 * 60_000
  const events = await eventsOf(rotate(scenario))
  expect(textsOf(events)).toContainEqual(
    expect.stringMatching(/^New certificates are valid from 144[01] minutes ago on/),
  )
  expect(textsOf(events)).toContainEqual(
    expect.stringMatching(/clock of host \[10\.66\.0\.12\] is 24 hours behind/),
  )
  const { currentState } = await stateOf(scenario)
  for (const name of ['kube-ca', 'kube-apiserver-requestheader-ca', 'kube-node']) {
    const { notBefore } = parseCertificate(currentState.certificatesBundle?.[name]?.certificatePEM ?? '')
    expect(notBefore.getTime(), name).toBeLessThanOrEqual(Date.now() - 24 * 60 * 60_000)
  }
})

describe('a CA of the user’s own that has ended', () => {
  const company = openCompany()
  afterAll(company.close)

  /** The state names it; what machines hold does not matter before one is asked. */
  async function withOwn(keyPEM: string): Promise<Scenario> {
    const scenario = await (await ENDED).copy()
    const stored = await scenario.store.load()
    if (stored === undefined) throw new TypeError('there is no state')
    const key = await keys.generate()
    const long = new Date(Date.now() - 3700 * 24 * 60 * 60_000)
    const pem = await issueAuthority('Acme', createPrivateKey(key), long)
    const entry = newEntry('kube-ca', pem, keyPEM && key)
    const { desiredState, currentState } = stored.state
    const own = (half: typeof desiredState) => ({
      ...half,
      certificatesBundle: { ...half.certificatesBundle, 'kube-ca': entry },
    })
    const state = { ...stored.state, desiredState: own(desiredState), currentState: own(currentState) }
    await scenario.store.save(state, stored.revision)
    return scenario
  }

  test.each([
    ['with its key in the state', 'key'],
    ['without', ''],
  ])('%s is not replaced by one that nobody has asked for', async (_, key) => {
    const scenario = await withOwn(key)
    scenario.writes()
    await expect(rotate(scenario).result).rejects.toMatchObject({
      message: expect.stringMatching(/the CA of this cluster is one of your own, and has ended on \d{4}-/),
      hint: expect.stringMatching(/--ca-cert FILE.*or.*--rotate-ca --immediately/),
      untouched: true,
    })
    expect(scenario.writes()).toEqual([])
  })

  test('is replaced by the one that is given, or by one of the program with --rotate-ca --immediately', async () => {
    const text = company.authority('Next')
    const authority = {
      certificates: { name: 'ca.pem', text },
      key: { name: 'ca.key', text: new Secret(company.key('Next')) },
    }
    const given = await withOwn('key')
    const { newAuthorities } = await rotate(given, { authority }).result
    expect(newAuthorities).toContain('kube-ca')
    expect(parseCertificate(await caOf(given)).subject.commonName).toBe('Next')
    const made = await withOwn('key')
    await rotateAuthorities(made.config, { ...made.deps, keys }, { immediately: true }).result
    expect(parseCertificate(await caOf(made)).subject.commonName).toBe('kube-ca')
    for (const scenario of [given, made]) expect((await scenario.plan()).steps).toEqual([])
  })
})
