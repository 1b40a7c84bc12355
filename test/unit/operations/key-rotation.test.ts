import { expect, test } from 'vitest'
import { managedKeys } from '../../../src/desired/encryption/managed-texts.ts'
import { callText, isWrite, type SimCall } from '../../sim/calls.ts'
import { providersOf } from '../../sim/sealed-secrets.ts'
import { cluster } from './clusters.ts'
import { goOn, killedInWrite, killedWhen } from './crash.ts'
import { EncryptedSecrets } from './encrypted-secrets.ts'
import { randomKills, seed } from './random.ts'
import { eventsOf, Scenario } from './support.ts'

const ALL = 'controlplane, etcd, worker'
const FILE = '/etc/kubernetes/ssl/encryption.yaml'
const ENCRYPTED = 'services: {kube-api: {secrets_encryption_config: {enabled: true}}}\n'
const ONE = `${cluster({ 11: ALL })}${ENCRYPTED}`
const THREE = `${cluster({ 11: ALL, 12: ALL, 13: ALL })}${ENCRYPTED}`
const WITH_WORKER = `${cluster({ 11: ALL, 12: 'worker' })}${ENCRYPTED}`
const ASKS = 'rotate_encryption_key: true\n'

/** A cluster with Secrets, a look at them after every request, and the name of its key. */
async function encrypted(text: string) {
  const scenario = await Scenario.up(text)
  const secrets = new EncryptedSecrets(scenario.world)
  scenario.world.hooks.after = (call: SimCall) => secrets.after(call)
  for (const name of ['a', 'b', 'c']) secrets.create(name)
  const [before = ''] = await keysOf(scenario)
  expect(secrets.used).toEqual([before])
  return { scenario, secrets, before }
}

async function stateOf({ store }: Scenario) {
  const { state } = (await store.load()) ?? {}
  if (state === undefined) throw new TypeError('no state')
  return state
}

/** Names of the keys in the state. */
async function keysOf(scenario: Scenario): Promise<readonly string[]> {
  const { encryptionConfig = '' } = (await stateOf(scenario)).currentState
  return (managedKeys(encryptionConfig) ?? []).map(({ name }) => name)
}

/** Everything is stored with one other key, and the old one is nowhere any more. */
async function expectRotated(scenario: Scenario, secrets: EncryptedSecrets, before: string): Promise<void> {
  const [after = '', ...others] = await keysOf(scenario)
  expect(others).toEqual([])
  expect(after).not.toBe(before)
  expect(secrets.used).toEqual([after])
  expect(secrets.unreadable).toEqual([])
  const { currentState, desiredState } = await stateOf(scenario)
  expect(currentState.encryptionConfig).toBe(desiredState.encryptionConfig)
  expect(currentState).not.toHaveProperty('encryptionRewritePending')
  for (const { disk, apiServer } of scenario.world.machines) {
    if (apiServer === undefined) continue
    expect(disk.read(FILE)).toBe(`${currentState.encryptionConfig}\n`)
    expect(providersOf(apiServer.encryption).map(({ name }) => name)).toEqual([after, 'identity'])
  }
}

for (const [what, text] of Object.entries({ 'one API server': ONE, 'three API servers': THREE })) {
  test(`with ${what} every Secret gets another key, is readable all the time, and is counted in etcd`, async () => {
    const { scenario, secrets, before } = await encrypted(text)
    const { stored } = await scenario.rotateKey().result
    await expectRotated(scenario, secrets, before)
    const [key] = await keysOf(scenario)
    expect(stored).toEqual([{ resource: 'secrets', storedAs: `aescbc:v1:${key}`, count: secrets.count }])
    expect((await scenario.plan()).steps).toEqual([])
  })
}

for (const { number, moment } of randomKills(16, 45)) {
  test(`killed ${moment} write ${number}, the next run goes on, be it the same or up (seed ${seed})`, async () => {
    const { scenario, secrets, before } = await encrypted(THREE)
    const died = await killedInWrite(scenario, number, moment, (options, deps) =>
      scenario.rotateKey(options, deps),
    )
    if (number % 2 === 0) await scenario.rotateKey().result
    await goOn(scenario)
    expect(secrets.unreadable).toEqual([])
    if (died !== undefined) await expectRotated(scenario, secrets, before)
  })
}

test('what was begun is gone on with, with the key that was made for it', async () => {
  const { scenario, secrets, before } = await encrypted(THREE)
  await killedWhen(
    scenario,
    (event) => event.type === 'done' && event.step.kind === 'encryption.rewrite',
    (options, deps) => scenario.rotateKey(options, deps),
  )
  const made = secrets.used
  await scenario.rotateKey().result
  expect(secrets.used).toEqual(made)
  await expectRotated(scenario, secrets, before)
})

test('a dry run shows the steps, and changes nothing', async () => {
  const { scenario } = await encrypted(ONE)
  scenario.writes()
  const { steps, stored } = await scenario.rotateKey({ dryRun: true }).result
  expect(steps.map(({ id, title }) => `${id}: ${title}`)).toMatchInlineSnapshot(`
    [
      "cluster/encryption/1: record how Secrets are encrypted from now on",
      "node/10.66.0.11/encryption/1/file: write 1 file below /etc/kubernetes",
      "node/10.66.0.11/encryption/1/kube-apiserver: restart container kube-apiserver",
      "node/10.66.0.11/encryption/1/health/kube-apiserver: wait until kube-apiserver is healthy",
      "cluster/encryption/2: write all Secrets anew",
      "cluster/encryption/3: see in etcd how all Secrets are stored",
      "cluster/encryption/4: record how Secrets are encrypted from now on",
      "node/10.66.0.11/encryption/4/file: write 1 file below /etc/kubernetes",
      "node/10.66.0.11/encryption/4/kube-apiserver: restart container kube-apiserver",
      "node/10.66.0.11/encryption/4/health/kube-apiserver: wait until kube-apiserver is healthy",
      "cluster/state: record the configuration as applied",
      "cluster/state-copy: save the state in the cluster (Secret kube-system/full-cluster-state)",
    ]
  `)
  expect(stored).toEqual([])
  expect(scenario.writes()).toEqual([])
})

test('nothing else is done that differs, and worker nodes are not needed', async () => {
  const { scenario, secrets, before } = await encrypted(WITH_WORKER)
  const worker = scenario.world.machine('10.66.0.12')
  worker.docker.stop('kubelet')
  worker.powerOff()
  const more = scenario.with(`${WITH_WORKER}addon_job_timeout: 50\n`)
  await more.rotateKey().result
  await expectRotated(more, secrets, before)
  expect((await stateOf(more)).currentState.rkeConfig?.addonJobTimeout).not.toBe(50)
  expect((await stateOf(more)).currentState.rkeConfig?.nodes).toHaveLength(2)
})

test('the request in cluster.yml is done once, by itself; the next run does the rest of the file', async () => {
  const { scenario, secrets, before } = await encrypted(ONE)
  const asking = scenario.with(`${ONE}${ASKS}addon_job_timeout: 50\n`)
  const events = await eventsOf(asking.up())
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'notice', text: expect.stringContaining('rotate_encryption_key') }),
  )
  await expectRotated(asking, secrets, before)
  expect((await stateOf(asking)).currentState.rkeConfig?.addonJobTimeout).not.toBe(50)
  const after = await keysOf(asking)
  await asking.up().result
  expect(await keysOf(asking)).toEqual(after)
  expect((await stateOf(asking)).currentState.rkeConfig?.addonJobTimeout).toBe(50)
  expect((await asking.plan()).steps).toEqual([])
  const quiet = asking.with(ONE)
  await quiet.up().result
  await asking.up().result
  expect(await keysOf(asking)).not.toEqual(after)
})

test('a plan of the request that was approved is done as it is', async () => {
  const { scenario, secrets, before } = await encrypted(ONE)
  const asking = scenario.with(`${ONE}${ASKS}`)
  const { approved } = await asking.plan()
  await asking.up({ plan: approved }).result
  await expectRotated(asking, secrets, before)
})

test('a value that is not stored with the new key fails the run with its name, and the old key is kept', async () => {
  const { scenario, secrets, before } = await encrypted(ONE)
  const { kube, world } = scenario
  const old = kube.seals.get('Secret default/b')
  if (old === undefined) throw new TypeError('not encrypted')
  world.hooks.before = ({ path }) => {
    if (path === '/v3/kv/range') kube.seals.set('Secret default/b', old)
  }
  await expect(scenario.rotateKey().result).rejects.toThrow(
    /1 of \d+ values are not stored with the new key: \/registry\/secrets\/default\/b/,
  )
  expect(await keysOf(scenario)).toContain(before)
  expect(secrets.unreadable).toEqual([])
  world.hooks.before = () => {}
  await scenario.rotateKey().result
  await expectRotated(scenario, secrets, before)
})

test('a certificate that an interrupted run has made stays to be applied', async () => {
  const { scenario } = await encrypted(ONE)
  const { desiredState, currentState } = await stateOf(scenario)
  const { certificatesBundle = {} } = desiredState
  const other = { ...certificatesBundle, mine: { ...certificatesBundle['kube-node'], name: 'mine' } }
  const { revision } = (await scenario.store.load()) ?? {}
  const begun = { ...desiredState, certificatesBundle: other as typeof certificatesBundle }
  await scenario.store.save({ currentState, desiredState: begun }, revision)
  await scenario.rotateKey().result
  const after = await stateOf(scenario)
  expect(Object.keys(after.desiredState.certificatesBundle ?? {})).toContain('mine')
  expect(after.currentState.certificatesBundle).toEqual(currentState.certificatesBundle)
})

const REFUSED = {
  'Secrets are not encrypted': {
    from: cluster({ 11: ALL }),
    to: cluster({ 11: ALL }),
    message: /can't rotate encryption keys: Encryption Configuration is disabled/,
  },
  'they are not to be encrypted any more': {
    from: ONE,
    to: cluster({ 11: ALL }),
    message: /can't rotate encryption keys: Encryption Configuration is disabled/,
  },
  'the keys are those of the user': {
    from: ONE,
    to: ONE.replace('enabled: true', 'enabled: true, custom_config: {resources: []}'),
    message: /can't rotate encryption keys: Key Rotation is not supported with custom configuration/,
  },
}

for (const [what, { from, to, message }] of Object.entries(REFUSED)) {
  test(`if ${what}, it is refused and nothing is changed`, async () => {
    const scenario = (await Scenario.up(from)).with(to)
    scenario.writes()
    await expect(scenario.rotateKey().result).rejects.toThrow(message)
    expect(scenario.writes()).toEqual([])
  })
}

test('while a control plane node is being added it is refused, since its API server would not get the new key', async () => {
  const { scenario } = await encrypted(ONE)
  const loaded = await scenario.store.load()
  const [node] = loaded?.state.desiredState.rkeConfig?.nodes ?? []
  if (loaded === undefined || node === undefined) throw new TypeError('no state')
  const { currentState, desiredState } = loaded.state
  const { rkeConfig } = desiredState
  if (rkeConfig === undefined) throw new TypeError('no configuration')
  const nodes = [...rkeConfig.nodes, { ...node, address: '10.66.0.12' }]
  await scenario.store.save(
    { currentState, desiredState: { ...desiredState, rkeConfig: { ...rkeConfig, nodes } } },
    loaded.revision,
  )
  await expect(scenario.rotateKey().result).rejects.toThrow(
    /10\.66\.0\.12 began to become a control plane node/,
  )
})

test('while an API server does not run it is refused and nothing is changed', async () => {
  const { scenario } = await encrypted(THREE)
  scenario.world.machine('10.66.0.12').docker.stop('kube-apiserver')
  scenario.writes()
  await expect(scenario.rotateKey().result).rejects.toThrow(
    /the encryption key cannot be exchanged now.*no API server runs on 10\.66\.0\.12/s,
  )
  expect(scenario.world.calls.filter(isWrite).map(callText)).toEqual([])
})
