import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ONE_NODE } from '../operations/clusters.ts'
import { CliCluster, type Ended } from './cli-cluster.ts'

const REGISTRY = 'registry.example.org'
const PASSWORD = 'Regi5try-pa55word'
const CLOUD = 'Cl0ud-pa55word-in-a-file'
const ENV = { REGISTRY_PASSWORD: PASSWORD }
const REFERRING = `${ONE_NODE}
private_registries:
- {url: ${REGISTRY}, user: puller, password: "\${env:REGISTRY_PASSWORD}", is_default: true}
cloud_provider: {name: ours, customCloudProvider: "password = \${file:secrets/cloud.txt}"}
`

let cluster: CliCluster
const told: Ended[] = []

async function rke(line: string, env: Readonly<Record<string, string>> = ENV): Promise<Ended> {
  const ended = await cluster.rke(line, 'home', undefined, env)
  told.push(ended)
  return ended
}

beforeAll(async () => {
  cluster = await CliCluster.of(REFERRING)
  await cluster.write(`${CLOUD}\n`, 'cloud.txt', 'home/secrets')
  for (const { docker } of cluster.world.machines) {
    docker.logins.set(REGISTRY, { username: 'puller', password: PASSWORD })
  }
})
afterAll(async () => {
  await cluster.remove()
})

describe('secrets that a cluster file refers to', () => {
  test('are needed: without them nothing is done, and each that is missing is named with its key', async () => {
    const { code, out } = await rke('up', {})
    expect(code).toBe(10)
    expect(out).toContain(
      'private_registries[0].password: the environment variable REGISTRY_PASSWORD is not set',
    )
    expect(out).not.toContain('[dialer]')
  })

  test('are not needed to check the file, but a warning says which are not there', async () => {
    const { code, out } = await rke('config validate', {})
    expect(code).toBe(0)
    expect(out).toMatch(
      /warning: .*cluster.yml:\d+:\d+: private_registries\[0\]\.password: the environment variable REGISTRY_PASSWORD is not set here/,
    )
    expect((await rke('config validate --file-only', {})).out).toMatch(/cluster.yml is valid\n$/)
  })

  test('are in no error, even where a machine repeats them', async () => {
    cluster.world.hooks.before = ({ method, path }) => {
      if (method !== 'GET' && path.endsWith('/containers/create')) {
        throw new Error(`cannot take ${PASSWORD}, ${CLOUD} or ${Buffer.from(PASSWORD).toString('base64')}`)
      }
    }
    for (const line of ['up', 'up --output json', '--debug up']) {
      const { code, out } = await rke(line)
      expect(code).toBe(12)
      expect(out).toContain('cannot take [secret], [secret] or [secret]')
    }
    delete cluster.world.hooks.before
  })

  test('build a cluster; files are looked for beside the cluster file', async () => {
    for (const line of ['plan', 'plan --output json']) expect((await rke(line)).code).toBe(2)
    expect((await rke('--debug up')).code).toBe(0)
    const [machine] = cluster.world.machines
    expect(machine?.disk.read('/etc/kubernetes/cloud-config')).toBe(`password = ${CLOUD}\n`)
    expect((await rke('plan')).code).toBe(0)
  })

  test('are in the state file as they are written', async () => {
    const state = await cluster.read('cluster.rkestate')
    expect(state).toContain('{env:REGISTRY_PASSWORD}')
    expect(state).toContain('{file:secrets/cloud.txt}')
    expect(state).not.toContain(PASSWORD)
    expect(state).not.toContain(CLOUD)
  })

  test('are in none of all these outputs', async () => {
    await rke('up --output json')
    await rke('remove --force')
    const all = told.map(({ err, out }) => `${out}\n${err}`).join('\n')
    expect(told.length).toBeGreaterThan(8)
    for (const secret of [PASSWORD, CLOUD]) {
      expect(all).not.toContain(secret)
      expect(all).not.toContain(Buffer.from(secret).toString('base64'))
    }
  })
})
