import { expect, test } from 'vitest'
import type { SimCall } from '../../sim/calls.ts'
import { sealed, sealOf } from '../../sim/sealed-secrets.ts'
import { cluster } from './clusters.ts'
import { goOn, killedInWrite, killedWhen } from './crash.ts'
import { EncryptedSecrets } from './encrypted-secrets.ts'
import { randomKills, seed } from './random.ts'
import { Scenario } from './support.ts'

const ALL = 'controlplane, etcd, worker'
const FILE = '/etc/kubernetes/ssl/encryption.yaml'

const key = (name: string): string => `{aescbc: {keys: [{name: ${name}, secret: ${'QUFB'.repeat(10)}QUE=}]}}`
const custom = (...providers: readonly string[]): string =>
  `{enabled: true, custom_config: {resources: [{resources: [secrets], providers: [${providers.join(', ')}]}]}}`

/** Values of `secrets_encryption_config`. */
const NONE = '{enabled: false}'
const OWN = '{enabled: true}'
const FIRST = custom(key('one'), '{identity: {}}')
const SECOND = custom(key('two'))

function fileOf(encryption: string, nodes: Readonly<Record<number, string>>): string {
  return `${cluster(nodes)}services: {kube-api: {secrets_encryption_config: ${encryption}}}\n`
}

const MASTERS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  'one control plane node': { 11: ALL },
  'three control plane nodes': { 11: ALL, 12: ALL, 13: ALL },
}

interface Change {
  readonly what: string
  readonly from: string
  readonly to: string
  /** The key that Secrets are stored with in the end. */
  readonly key: RegExp
}

const CHANGES: readonly Change[] = [
  { what: 'Secrets are to be encrypted', from: NONE, to: OWN, key: /^k-/ },
  { what: 'they are to be encrypted with keys of the user', from: NONE, to: FIRST, key: /^one$/ },
  { what: 'they are no longer to be encrypted', from: OWN, to: NONE, key: /^identity$/ },
  { what: 'keys of the user are no longer used', from: FIRST, to: NONE, key: /^identity$/ },
  { what: 'the user gives a key in place of the own one', from: OWN, to: SECOND, key: /^two$/ },
  { what: 'the user gives another key', from: FIRST, to: SECOND, key: /^two$/ },
  { what: 'the user gives none any more', from: FIRST, to: OWN, key: /^k-/ },
]

/** A cluster with Secrets, and a look at them after every request from now on. */
async function changing({ from, to }: Change, nodes: Readonly<Record<number, string>>) {
  const before = await Scenario.up(
    fileOf(from, nodes),
    fileOf(from, MASTERS['three control plane nodes'] ?? {}),
  )
  const secrets = new EncryptedSecrets(before.world)
  before.world.hooks.after = (call: SimCall) => secrets.after(call)
  for (const name of ['a', 'b', 'c']) secrets.create(name)
  return { scenario: before.with(fileOf(to, nodes)), secrets }
}

async function expectChanged(scenario: Scenario, secrets: EncryptedSecrets, change: Change): Promise<void> {
  expect(secrets.unreadable).toEqual([])
  expect(secrets.count).toBeGreaterThan(3)
  expect(secrets.used).toEqual([expect.stringMatching(change.key)])
  const { currentState, desiredState } = (await scenario.store.load())?.state ?? {}
  expect(currentState?.encryptionConfig).toBe(desiredState?.encryptionConfig)
  expect(currentState).not.toHaveProperty('encryptionRewritePending')
  const text = currentState?.encryptionConfig
  for (const { disk, apiServer } of scenario.world.machines) {
    if (apiServer === undefined) continue
    expect(disk.read(FILE)).toBe(text === undefined ? undefined : `${text}\n`)
    expect(apiServer.encryption).toBe(text === undefined ? '' : `${text}\n`)
  }
}

for (const [name, nodes] of Object.entries(MASTERS)) {
  for (const change of CHANGES) {
    test(`on ${name}, if ${change.what}, one run writes all Secrets anew, and each is readable all the time`, async () => {
      const { scenario, secrets } = await changing(change, nodes)
      await scenario.up().result
      await expectChanged(scenario, secrets, change)
      expect((await scenario.plan()).steps).toEqual([])
    })
  }
}

for (const { number, moment } of randomKills(3, 60)) {
  for (const change of CHANGES) {
    test(`killed ${moment} write ${number} while ${change.what}, up goes on (seed ${seed})`, async () => {
      const { scenario, secrets } = await changing(change, MASTERS['three control plane nodes'] ?? {})
      await killedInWrite(scenario, number, moment)
      await goOn(scenario)
      await expectChanged(scenario, secrets, change)
    })
  }
}

test('a change that is taken back in the middle of it ends where it began', async () => {
  const [enabling] = CHANGES
  if (enabling === undefined) throw new TypeError('no change')
  const nodes = MASTERS['three control plane nodes'] ?? {}
  const { scenario, secrets } = await changing(enabling, nodes)
  await killedWhen(scenario, (event) => event.type === 'done' && event.step.kind === 'encryption.rewrite')
  expect(secrets.used).toEqual([expect.stringMatching(/^k-/)])
  const back = scenario.with(fileOf(NONE, nodes))
  await goOn(back)
  await expectChanged(back, secrets, { ...enabling, key: /^identity$/ })
})

test('while no API server answers the cluster is repaired as it was, and the next run changes the encryption', async () => {
  const [, , disabling] = CHANGES
  if (disabling === undefined) throw new TypeError('no change')
  const { scenario, secrets } = await changing(disabling, { 11: ALL })
  scenario.world.machine('10.66.0.11').docker.stop('kube-apiserver')
  await expect(scenario.up().result).rejects.toThrow(/secrets_encryption_config is not applied yet/)
  expect(secrets.used).toEqual([expect.stringMatching(/^k-/)])
  await scenario.up().result
  await expectChanged(scenario, secrets, disabling)
})

test('the next run does so also if the user has given no configuration any more', async () => {
  const change = CHANGES.at(-1)
  if (change === undefined) throw new TypeError('no change')
  const { scenario, secrets } = await changing(change, { 11: ALL })
  scenario.world.machine('10.66.0.11').docker.stop('kube-apiserver')
  await expect(scenario.up().result).rejects.toThrow(/secrets_encryption_config is not applied yet/)
  expect(secrets.used).toEqual(['one'])
  await scenario.up().result
  await expectChanged(scenario, secrets, change)
})

test('where a control plane node leaves it does so first, and the next run changes the encryption', async () => {
  const [, , disabling] = CHANGES
  if (disabling === undefined) throw new TypeError('no change')
  const { scenario, secrets } = await changing(disabling, MASTERS['three control plane nodes'] ?? {})
  const smaller = scenario.with(fileOf(NONE, { 11: ALL, 12: 'etcd, worker', 13: ALL }))
  await expect(smaller.up().result).rejects.toThrow(
    /the API servers on 10\.66\.0\.12 would have had other keys, so secrets_encryption_config is not applied yet/,
  )
  expect(secrets.used).toEqual([expect.stringMatching(/^k-/)])
  await smaller.up().result
  await expectChanged(smaller, secrets, disabling)
  expect((await smaller.plan()).steps).toEqual([])
})

test('objects of all other kinds that a provider file is about are written anew, too, and seen in etcd', async () => {
  const providers = (resources: string, name: string): string =>
    `{enabled: true, custom_config: {resources: [{resources: [${resources}], providers: [${key(name)}, {identity: {}}]}]}}`
  const nodes = { 11: ALL }
  const before = await Scenario.up(fileOf(providers('secrets, "*.apps"', 'one'), nodes))
  const { kube } = before
  const settings = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', namespace: 'default' },
  }
  sealed(kube, kube.create(settings), '')
  const app = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'app', namespace: 'default' } }
  sealed(kube, kube.create(app), before.world.machines[0]?.apiServer?.encryption ?? '')
  expect(sealOf(kube, app).name).toBe('one')
  await before.with(fileOf(providers('secrets, configmaps', 'two'), nodes)).up().result
  expect(sealOf(kube, app).name).toBe('identity')
  expect(sealOf(kube, settings).name).toBe('two')
})

test('objects of a kind that is not in the preferred version of its group are written anew, too', async () => {
  const providers = (name: string): string =>
    `{enabled: true, custom_config: {resources: [{resources: [envoyfilters.networking.istio.io], providers: [${key(name)}, {identity: {}}]}]}}`
  const before = await Scenario.up(fileOf(providers('one'), { 11: ALL }))
  const { kube, world } = before
  const filter = {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: 'a', namespace: 'default' },
  }
  sealed(kube, kube.create(filter), world.machines[0]?.apiServer?.encryption ?? '')
  expect(sealOf(kube, filter).name).toBe('one')
  await before.with(fileOf(providers('two'), { 11: ALL })).up().result
  expect(sealOf(kube, filter).name).toBe('two')
})
