import { beforeEach, expect, test } from 'vitest'
import type { KubeObject, KubeSecret } from '../../../../src/kube/objects/kube-object.ts'
import { TOKEN_TYPE } from '../../../../src/kube/objects/root-ca.ts'
import {
  type RotateAuthoritiesOptions,
  rotateAuthorities,
} from '../../../../src/operations/certificates/rotate-authorities.ts'
import { reachedStage } from '../../../../src/session/certificates/rotation-steps.ts'
import type { RestoreOptions } from '../../../../src/session/restore/restore-options.ts'
import { parseState, serialiseCopy } from '../../../../src/state/state-json.ts'
import { keyPool } from '../../../sim/key-pool.ts'
import { reviewed } from '../../../sim/published-trust.ts'
import { cluster } from '../clusters.ts'
import { killedWhen } from '../crash.ts'
import { eventsOf, Scenario } from '../support.ts'
import { expectOneWorld, madeIn, make } from './worlds.ts'

const ALL = 'controlplane, etcd, worker'
const TWO = cluster({ 11: ALL, 12: ALL, 13: 'worker' })
const keys = keyPool(80)

let scenario: Scenario
beforeEach(async () => {
  scenario = await Scenario.up(TWO)
  const metadata = { name: 'robot', namespace: 'default' }
  scenario.kube.create({ apiVersion: 'v1', kind: 'Secret', metadata, type: TOKEN_TYPE } as KubeObject)
})

const rotate = (options: RotateAuthoritiesOptions = {}) =>
  rotateAuthorities(scenario.config, { ...scenario.deps, keys }, options).result

async function state() {
  const stored = await scenario.store.load()
  if (stored === undefined) throw new TypeError('there is no state')
  return stored.state
}

/** Which stage all nodes are through; undefined where no rotation is under way. */
async function stage() {
  const found = await state()
  return found.caRotation && reachedStage(found, found.caRotation)
}

const save = async (): Promise<void> => {
  make(scenario, 'before')
  await scenario.save({ name: 's1' }).result
  make(scenario, 'after')
}

/** Of a token of the old key a rotation stops after stage 2; earlier it is killed. */
async function until(wanted: 'trust' | 'issue'): Promise<void> {
  if (wanted === 'issue') await rotate()
  else {
    await killedWhen(
      scenario,
      (event) => event.type === 'done' && event.step.kind === 'root-ca.published',
      (options, deps) => rotateAuthorities(scenario.config, { ...scenario.deps, ...deps, keys }, options),
    )
  }
  expect(await stage()).toBe(wanted)
}

/** As recurring snapshots are saved: with the copy of the state that the cluster has. */
async function saveWithCopy(): Promise<void> {
  const { store } = scenario
  const whole = await store.load()
  if (whole === undefined) throw new TypeError('there is no state')
  const copy = parseState(serialiseCopy(whole.state), 'the copy')
  const { revision } = await store.save(copy, whole.revision)
  await save()
  const { copiesInCluster } = await state()
  await store.save({ ...whole.state, ...(copiesInCluster && { copiesInCluster }) }, revision)
}

async function restore(more: Partial<RestoreOptions> = {}): Promise<readonly string[]> {
  const run = scenario.restore({ name: 's1', ...more })
  const events = await eventsOf(run)
  await run.result
  expect(madeIn(scenario)).toEqual(['before'])
  await expectOneWorld(scenario)
  return events.flatMap((event) => (event.type === 'notice' && event.level === 'warning' ? [event.text] : []))
}

/** Every API server accepts the token that is stored in a Secret. */
async function expectRobotAccepted(): Promise<void> {
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: 'robot' }
  const token = Buffer.from(scenario.kube.get<KubeSecret>(ref)?.data?.token ?? '', 'base64').toString()
  const servers = scenario.world.machines.filter(({ apiServer }) => apiServer !== undefined)
  expect(servers).toHaveLength(2)
  for (const machine of servers)
    expect(reviewed({ spec: { token } }, machine)).toMatchObject({ status: { authenticated: true } })
}

/** All nodes, and Kubernetes, trust one CA, which has issued everything, and accept tokens of one key. */
async function expectFinished(): Promise<void> {
  const { currentState, caRotation } = await state()
  expect(caRotation).toBeUndefined()
  const bundle = currentState.certificatesBundle ?? {}
  for (const [name, { certificatePEM, keyPEM }] of Object.entries(bundle))
    expect([...`${certificatePEM}${keyPEM}`.matchAll(/BEGIN/g)], name).toHaveLength(2)
  for (const { disk } of scenario.world.machines)
    expect(disk.read('/etc/kubernetes/ssl/kube-ca.pem')).toBe(bundle['kube-ca']?.certificatePEM)
  expect((await scenario.plan()).steps).toEqual([])
}

test.each([
  ['trust', true],
  ['issue', false],
] as const)(
  'a snapshot from stage %s goes on with its rotation, which has ended since: %s',
  async (at, hasEnded) => {
    await until(at)
    const { caRotation } = await state()
    await save()
    if (hasEnded) await rotate({ finish: true })
    const warnings = await restore()
    expect(warnings.join('\n')).toContain('go on with "rke cert rotate --rotate-ca"')
    expect(await stage()).toBe(at)
    expect((await state()).caRotation).toEqual(caRotation)
    await expectRobotAccepted()
    await rotate({ finish: true })
    await expectFinished()
  },
)

test('a snapshot from before a rotation knows of none, whatever is under way', async () => {
  await save()
  const before = (await state()).currentState.certificatesBundle
  await until('issue')
  await restore()
  expect((await state()).caRotation).toBeUndefined()
  expect((await state()).currentState.certificatesBundle?.['kube-ca']).toEqual(before?.['kube-ca'])
  await expectRobotAccepted()
  await rotate()
  await rotate({ finish: true })
  await expectFinished()
})

test('a snapshot with a copy of the state goes on with the rotation that the local state knows', async () => {
  await until('trust')
  await saveWithCopy()
  const { caRotation } = await state()
  await rotate()
  expect(await stage()).toBe('issue')
  await restore()
  expect(await stage()).toBe('trust')
  expect((await state()).caRotation).toEqual(caRotation)
  await rotate({ finish: true })
  await expectFinished()
})

test('a snapshot with a copy of the state of a stage, of which nobody has the keys, says that another rotation is needed', async () => {
  await until('trust')
  await saveWithCopy()
  await rotate({ finish: true })
  const warnings = await restore()
  expect(warnings.join('\n')).toMatch(
    /trusts another CA besides its own \(CN=kube-ca\).*"rke cert rotate --rotate-ca" begins another one/,
  )
  expect((await state()).caRotation).toBeUndefined()
  await expectRobotAccepted()
  await rotate()
  await expectRobotAccepted()
  await rotate({ finish: true })
  await expectFinished()
})

test('a snapshot of a stage goes on in stages, also after a rotation at once that was begun later', async () => {
  await until('issue')
  await saveWithCopy()
  await killedWhen(
    scenario,
    (event) => event.type === 'done' && event.step.kind === 'container.restart',
    (options, deps) =>
      rotateAuthorities(
        scenario.config,
        { ...scenario.deps, ...deps, keys },
        { ...options, immediately: true },
      ),
  )
  expect((await state()).caRotation?.immediately).toBe(true)
  await restore()
  expect(await stage()).toBe('issue')
  await expectRobotAccepted()
  await rotate({ finish: true })
  await expectFinished()
})

test('tokens of both keys are accepted after a rotation that stopped for one and was ended at once', async () => {
  await until('issue')
  await rotate({ immediately: true })
  const { caRotation, currentState } = await state()
  expect(caRotation).toBeUndefined()
  await expectRobotAccepted()
  const key = currentState.certificatesBundle?.['kube-service-account-token']?.keyPEM
  expect(key?.match(/BEGIN [A-Z ]+/g)).toEqual(['BEGIN RSA PRIVATE KEY', 'BEGIN PUBLIC KEY'])
  expect((await scenario.plan()).steps).toEqual([])
  await rotate()
  await rotate({ finish: true })
  await expectFinished()
})

test('only the key that signs is left of a rotation that was ended at once before another one signed', async () => {
  await until('trust')
  await rotate({ immediately: true })
  await expectRobotAccepted()
  await expectFinished()
})

test('with the local state the rotation stays where that is', async () => {
  await until('trust')
  await save()
  await rotate()
  await restore({ useLocalState: true })
  expect(await stage()).toBe('issue')
  await expectRobotAccepted()
  await rotate({ finish: true })
  await expectFinished()
})

test('a restore that is aborted goes back to the stage from before it', async () => {
  await save()
  await until('issue')
  const before = await state()
  await killedWhen(
    scenario,
    (event) => event.type === 'done' && event.step.kind === 'etcd.restore',
    (options, deps) => scenario.restore({ name: 's1', ...options }, deps),
  )
  expect((await state()).caRotation).toBeUndefined()
  await scenario.abortRestore().result
  const { caRotation, currentState } = await state()
  expect(caRotation).toEqual(before.caRotation)
  expect(currentState.certificatesBundle).toEqual(before.currentState.certificatesBundle)
  await expectRobotAccepted()
  await rotate({ finish: true })
  await expectFinished()
})
