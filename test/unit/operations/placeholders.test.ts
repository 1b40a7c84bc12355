import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { SecretSources } from '../../../src/config/secrets/resolve-secrets.ts'
import type { Run } from '../../../src/engine/run.ts'
import { ConfigError } from '../../../src/errors.ts'
import { serialiseState } from '../../../src/state/state-json.ts'
import { ONE_NODE } from './clusters.ts'
import { configOf, eventsOf, Scenario } from './support.ts'

const REGISTRY = 'registry.example.org'
const ENV = {
  REGISTRY_PASSWORD: 'Regi5try-pa55word',
  S3_KEY: 'S3-5ecret-key-of-the-user',
  SSH_KEY: 'a-5SH-key-from-the-environment',
}
const CLOUD = 'Cl0ud-pa55word-in-a-file'
const env = (name: string) => `"\${env:${name}}"`

const REFERRING = `${ONE_NODE}
private_registries:
- {url: ${REGISTRY}, user: puller, password: ${env('REGISTRY_PASSWORD')}, is_default: true}
cloud_provider: {name: ours, customCloudProvider: "password = \${file:cloud.txt}"}
services:
  etcd:
    backup_config:
      s3backupconfig: {endpoint: s3.example.org, bucket_name: b, access_key: A-K3Y-0F-S3, secret_key: ${env('S3_KEY')}}
`
const VALUES = [ENV.REGISTRY_PASSWORD, ENV.S3_KEY, CLOUD]

const sources = (values: Readonly<Record<string, string | undefined>> = ENV): SecretSources => ({
  env: values,
  readFile: (path) =>
    path === 'cloud.txt' ? Promise.resolve(`${CLOUD}\n`) : Promise.reject(new Error('no such file')),
})

async function referring(): Promise<Scenario> {
  const scenario = await Scenario.of(REFERRING)
  for (const { docker } of scenario.world.machines) {
    docker.logins.set(REGISTRY, { username: 'puller', password: ENV.REGISTRY_PASSWORD })
  }
  return scenario
}

async function broughtUp(): Promise<Scenario> {
  const scenario = await referring()
  await scenario.up({}, { secrets: sources() }).result
  return scenario
}

/** All that a run tells, however it ends. */
async function toldBy(run: Run<unknown>): Promise<string> {
  const events = await eventsOf(run)
  const end = await run.result.catch((thrown: unknown) => thrown)
  return inspect([events, end], { depth: 20, maxStringLength: null, showHidden: true, maxArrayLength: null })
}

function expectNoValue(text: string): void {
  const forms = VALUES.flatMap((value) => [value, Buffer.from(value).toString('base64')])
  expect(forms.filter((form) => text.includes(form))).toEqual([])
}

describe('a configuration that refers to secrets', () => {
  test('builds a cluster with what they stand for', async () => {
    const { world } = await broughtUp()
    const snapshots = world.machines[0]?.docker.find('etcd-rolling-snapshots')
    const key = Buffer.from(ENV.S3_KEY).toString('base64')
    expect(snapshots?.spec.Env).toContain(`S3_SECRET_KEY=${key}`)
    expect(world.machines[0]?.disk.read('/etc/kubernetes/cloud-config')).toBe(`password = ${CLOUD}\n`)
  })

  test('is kept in the state as it is written, here and in the cluster', async () => {
    const { kube, store } = await broughtUp()
    const saved = await store.load()
    if (saved === undefined) throw new TypeError('there is no state')
    const file = serialiseState(saved.state)
    const copies = kube
      .list('v1', 'Secret')
      .filter(({ metadata }) => metadata.name === 'full-cluster-state')
      .map((secret) => /"full-cluster-state":"([^"]+)"/.exec(JSON.stringify(secret))?.[1] ?? '')
    const decoded = Buffer.from(copies.join(), 'base64').toString()
    for (const text of [file, decoded]) {
      expectNoValue(text)
      expect(text).toContain('$' + '{env:REGISTRY_PASSWORD}')
      expect(text).toContain('$' + '{file:cloud.txt}')
    }
  })

  test('has an empty plan once it is applied', async () => {
    const scenario = await broughtUp()
    expect((await scenario.plan({ secrets: sources() })).steps).toEqual([])
  })

  test('changes what holds a value that has changed, and nothing else', async () => {
    const scenario = await broughtUp()
    const { steps } = await scenario.plan({ secrets: sources({ ...ENV, S3_KEY: 'another-S3-key' }) })
    expect(steps.map(({ id }) => id)).toEqual([expect.stringContaining('etcd-rolling-snapshots')])
  })

  test('is told without a value, in a run and in a plan', async () => {
    const scenario = await referring()
    const told = await toldBy(scenario.up({}, { secrets: sources() }))
    expect(told).toContain(REGISTRY)
    expectNoValue(told)
    scenario.world.machines[0]?.docker.remove('etcd-rolling-snapshots', true)
    expectNoValue(inspect(await scenario.plan({ secrets: sources() }), { depth: 20, maxStringLength: null }))
  })

  test('is told without a value even where a machine repeats one in an error', async () => {
    const scenario = await referring()
    scenario.world.hooks.before = ({ path, method }) => {
      if (method === 'GET' || !path.endsWith('/containers/create')) return
      throw new Error(`no container for ${VALUES.join(' or ')}`, { cause: new Error(CLOUD) })
    }
    const told = await toldBy(scenario.up({}, { secrets: sources() }))
    expect(told).toContain('no container for [secret] or [secret] or [secret]')
    expectNoValue(told)
  })

  test('is refused where a value is missing, before anything is done; all of them are named', async () => {
    const scenario = await referring()
    const { S3_KEY: _, ...rest } = ENV
    const run = scenario.up(
      {},
      { secrets: { ...sources(rest), readFile: () => Promise.reject(new Error('gone')) } },
    )
    const events = await eventsOf(run)
    await expect(run.result).rejects.toThrow(
      /secret_key: the environment variable S3_KEY is not set\n.*customCloudProvider: the file cloud.txt cannot be read/,
    )
    expect(events).toEqual([])
    expect(scenario.writes()).toEqual([])
  })

  test('is refused by a library that was not told where values come from', async () => {
    const scenario = await referring()
    await expect(scenario.up().result).rejects.toThrow(ConfigError)
    await expect(scenario.up().result).rejects.toThrow(/nothing says where they are/)
  })
})

test('to remove a cluster only what it takes to reach the machines is needed', async () => {
  const scenario = await broughtUp()
  const { REGISTRY_PASSWORD } = ENV
  const few: SecretSources = {
    ...sources({ REGISTRY_PASSWORD }),
    readFile: () => Promise.reject(new Error('gone')),
  }
  expect(await scenario.remove({}, { secrets: few }).result).toMatchObject({ cleaned: ['10.66.0.11'] })
})

test('a node that leaves is reached with the key that it was configured with, wherever that is', async () => {
  const leaving = `- {address: 10.66.0.12, user: me, role: [worker], ssh_key: ${env('SSH_KEY')}}\n`
  const one = ONE_NODE
  const two = ONE_NODE.replace('kubernetes_version', `${leaving}kubernetes_version`)
  const scenario = await Scenario.of(two)
  await scenario.up({}, { secrets: sources() }).result
  const shrunk = scenario.with(one)
  await expect(shrunk.plan({ secrets: sources({}) })).rejects.toThrow(
    '10.66.0.12 leaves the cluster: nodes[0].ssh_key: the environment variable SSH_KEY is not set',
  )
  const used: (string | undefined)[] = []
  const inner = scenario.world.transports()
  const transports = {
    open: (node: Parameters<typeof inner.open>[0]) => {
      used.push(node.sshKey)
      return inner.open(node)
    },
  }
  await shrunk.up({}, { secrets: sources(), transports }).result
  expect(used.filter((key) => key !== undefined)).toEqual([ENV.SSH_KEY])
  expect(configOf(one).nodes).toHaveLength(1)
})
