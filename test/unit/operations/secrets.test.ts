import { generateKeyPairSync } from 'node:crypto'
import { inspect } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import type { Run } from '../../../src/engine/run.ts'
import { RkeError, RunFailedError } from '../../../src/errors.ts'
import { Secret } from '../../../src/secret.ts'
import { startRedactedRun } from '../../../src/session/run/redacted-run.ts'
import { WatchedStore } from '../../sim/watched-store.ts'
import { ONE_NODE } from './clusters.ts'
import { killedInWrite } from './crash.ts'
import { configOf, Scenario } from './support.ts'

const REGISTRY = 'registry.example.org'
const PASSWORD = 'Regi5try-pa55word'
const S3_SECRET = 'S3-5ecret-key-of-the-user'

/** A cluster with every kind of secret. */
const SECRETIVE = `${ONE_NODE}
private_registries:
- {url: ${REGISTRY}, user: puller, password: ${PASSWORD}, is_default: true}
services:
  kube-api:
    secrets_encryption_config: {enabled: true}
  etcd:
    backup_config:
      interval_hours: 6
      retention: 3
      s3backupconfig:
        endpoint: s3.example.org
        bucket_name: backups
        access_key: S3ACCESSKEY
        secret_key: ${S3_SECRET}
`

/** A machine that may pull, and one whose registry knows another password. */
async function secretive(password = PASSWORD): Promise<Scenario> {
  const scenario = await Scenario.of(SECRETIVE)
  for (const { docker } of scenario.world.machines) {
    docker.logins.set(REGISTRY, { username: 'puller', password })
  }
  return scenario
}

/** Everything that reading a run gives: events, the result or the failure, as JSON and as a debugger shows them. */
async function toldBy(run: Run<unknown>): Promise<string> {
  const told: string[] = []
  const tell = (value: unknown): void => {
    told.push(JSON.stringify(value) ?? '', inspect(value, { depth: 20, maxStringLength: null }))
  }
  for await (const event of run) {
    tell(event)
    if (event.type === 'failed') tellError(event.error, tell)
  }
  await run.result.then(tell, (thrown: unknown) => tellError(thrown, tell))
  return told.join('\n')
}

function tellError(thrown: unknown, tell: (value: unknown) => void): void {
  tell(thrown)
  if (!(thrown instanceof Error)) return
  tell({ ...thrown, message: thrown.message, stack: thrown.stack })
  tellError(thrown.cause, tell)
  if (thrown instanceof RunFailedError) for (const failure of thrown.failures) tellError(failure, tell)
}

/** Pieces that only a secret has: lines of keys, and the whole of all others. */
async function secretsOf({ store }: Scenario): Promise<readonly string[]> {
  const state = (await store.load())?.state.desiredState
  const keys = Object.values(state?.certificatesBundle ?? {}).flatMap(({ keyPEM }) => keyPEM ?? [])
  const encryption = /secret: (\S+)/.exec(state?.encryptionConfig ?? '')?.[1]
  if (keys.length < 10 || encryption === undefined) throw new TypeError('the state lacks secrets to look for')
  const lines = keys.flatMap((key) => key.split('\n').filter((line) => line.length === 64))
  return [...lines, encryption, PASSWORD, S3_SECRET]
}

/** A text and all that is in it in base64, also in base64 within that. */
function decoded(text: string, depth = 3): string {
  const hidden = depth === 0 ? [] : (text.match(/[A-Za-z0-9+/_-]{16,}={0,2}/g) ?? [])
  const inside = hidden.map((piece) => Buffer.from(piece, 'base64').toString('latin1')).join('\n')
  return inside === '' ? text : `${text}\n${decoded(inside, depth - 1)}`
}

let told: string
let scenario: Scenario

beforeAll(async () => {
  scenario = await secretive()
  told = await toldBy(scenario.up())
})

function expectNone(secrets: readonly string[], texts: string): void {
  const all = decoded(texts)
  expect(secrets.filter((secret) => all.includes(secret))).toEqual([])
}

test('the search for secrets finds them in base64 within base64', () => {
  const auth = Buffer.from(`puller:${PASSWORD}`).toString('base64')
  const hidden = Buffer.from(JSON.stringify({ auths: { [REGISTRY]: { auth } } })).toString('base64')
  expect(decoded(`RKE_KUBELET_DOCKER_CONFIG=${hidden}`)).toContain(PASSWORD)
})

test('a run that succeeds tells no secret in its events, its plan and its result', async () => {
  expect(told).toContain(REGISTRY)
  expect(told).toContain('S3_SECRET_KEY=[secret]')
  expectNone(await secretsOf(scenario), told)
})

test('the containers have the secrets that the plan conceals', () => {
  const [machine] = scenario.world.machines
  const env = machine?.docker.find('etcd-rolling-snapshots').spec.Env?.join('\n') ?? ''
  expect(decoded(env)).toContain(S3_SECRET)
})

test('a plan tells no secret', async () => {
  scenario.world.machines[0]?.docker.remove('etcd-rolling-snapshots', true)
  scenario.world.machines[0]?.docker.remove('kubelet', true)
  const { plan } = await scenario.plan()
  const secrets = await secretsOf(scenario)
  expect(plan.actions.length).toBeGreaterThan(3)
  expectNone(secrets, `${JSON.stringify(plan)}\n${inspect(plan, { depth: 20, maxStringLength: null })}`)
})

test('a refused pull tells no password, neither the one it used nor any key', async () => {
  const refused = await secretive('another')
  const failure = await toldBy(refused.up())
  expect(failure).toContain('check the image name, and user and password')
  expectNone(await secretsOf(refused), failure)
})

test('failures of Docker, of the API and of the state tell no secret', async () => {
  const secrets: string[] = []
  const texts: string[] = []
  for (const path of [
    '/containers/create',
    '/archive',
    '/start',
    '/secrets',
    '/clusterrolebindings',
    '/jobs',
  ]) {
    const broken = await secretive()
    broken.world.hooks.before = (call) => {
      if (call.method !== 'GET' && call.path.endsWith(path)) throw new Error('it broke')
    }
    texts.push(await toldBy(broken.up()))
    secrets.push(...(await secretsOf(broken)))
  }
  const full = await secretive()
  full.store.fullAt = 2
  texts.push(await toldBy(full.up()))
  secrets.push(...(await secretsOf(full)))
  expectNone(secrets, texts.join('\n'))
  expect(texts.filter((text) => text.includes('it broke'))).toHaveLength(6)
})

test('a killed run, and the refusal of a run without its state, tell no secret', async () => {
  const killed = await secretive()
  await killedInWrite(killed, 40, 'after')
  const secrets = await secretsOf(killed)
  const after = await toldBy(killed.up())
  const stranger = new Scenario(configOf(SECRETIVE), killed.world, new WatchedStore())
  const refusal = await toldBy(stranger.up())
  expect(refusal).toContain('there is no state file')
  expectNone(secrets, `${after}\n${refusal}`)
})

test('the key of a CA that a run is given is in none of its events, nor in its failure, whoever quotes it', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = String(privateKey.export({ type: 'sec1', format: 'pem' }))
  const [, line = ''] = pem.split('\n')
  const authority = { key: { name: 'ca.key', text: new Secret(pem) } }
  const run = startRedactedRun({}, { authority }, async ({ emit }) => {
    emit({ type: 'notice', level: 'info', area: 'certificates', text: `somebody says ${line}` })
    throw new RkeError(`somebody says ${line}`)
  })
  const told = await toldBy(run)
  expect(told).toContain('somebody says')
  expect(told).not.toContain(line)
})
