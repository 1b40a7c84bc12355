import { rm, stat } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ONE_NODE } from '../operations/clusters.ts'
import { CliCluster } from './cli-cluster.ts'

const PASSWORD = 'p4ssw0rd-of-the-registry'
const CLUSTER = `${ONE_NODE}
private_registries: [{url: registry.example.org, user: anna, password: ${PASSWORD}}]
services:
  kube-api: {secrets_encryption_config: {enabled: true}}
addons: |
  apiVersion: v1
  kind: Secret
  metadata: {name: own, namespace: default}
  stringData: {token: the-users-own-token}
`

let cluster: CliCluster
beforeAll(async () => {
  cluster = await CliCluster.of(CLUSTER)
})
afterAll(() => cluster.remove())

const mayPlan = async (file: string): Promise<string> => {
  const { code, out, err } = await cluster.rke(`plan --out ${cluster.path(file)}`)
  expect([code, err]).toEqual([2, expect.stringContaining('Saved the plan')])
  return out
}

/** Everything secret in a text of JSON or YAML: keys in PEM, and long base64 such as encryption keys. */
const secretsIn = (text: string): readonly string[] => [
  ...(text.match(/(?<=-----BEGIN [A-Z ]*PRIVATE KEY-----)[^-]+/g) ?? []).flatMap((key) => key.split('\\n')),
  ...(text.match(/secret: \S+/g) ?? []),
]

describe('a plan file', () => {
  test('is written for the owner alone, names what comes next, and is done exactly by rke up --plan', async () => {
    const out = await mayPlan('new.json')
    expect(out).toContain(`"rke up --plan ${cluster.path('new.json')}" applies exactly these.`)
    expect((await stat(cluster.path('new.json'))).mode & 0o777).toBe(0o600)
    expect(await cluster.rke(`up --plan ${cluster.path('new.json')}`)).toMatchObject({ code: 0 })
    const again = await cluster.rke(`up --plan ${cluster.path('new.json')}`)
    expect(again).toMatchObject({ code: 15, out: expect.stringContaining('the state has changed') })
  })

  test('holds no secret of cluster.yml and the state', async () => {
    await cluster.write(CLUSTER.replace('the-users-own-token', 'another-token'))
    await mayPlan('secret.json')
    const text = await cluster.read('secret.json')
    const state = await cluster.read('cluster.rkestate')
    const secrets = [PASSWORD, 'the-users-own-token', 'another-token', ...secretsIn(state)].filter(
      (secret) => secret.length > 8,
    )
    expect(secrets.length).toBeGreaterThan(20)
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
    await cluster.write(CLUSTER)
  })

  test('is refused if cluster.yml was edited since, with what is different; nothing is done', async () => {
    await cluster.write(`${CLUSTER}addon_job_timeout: 77\n`)
    await mayPlan('edited.json')
    await cluster.write(`${CLUSTER}addon_job_timeout: 78\n`)
    const { code, out } = await cluster.rke(`up --plan ${cluster.path('edited.json')}`)
    expect(code).toBe(15)
    expect(out).toContain('cluster.yml has changed')
    expect(out).toContain('different: [cluster] record the configuration as applied')
    const asJson = await cluster.rke(`up --output json --plan ${cluster.path('edited.json')}`)
    expect(JSON.parse(asJson.out.trim().split('\n').at(-1) ?? '')).toMatchObject({
      name: 'PlanRefusedError',
      moved: { configuration: true, state: false, different: [{ kind: 'state.commit' }] },
    })
    await cluster.write(CLUSTER)
  })

  test.each([
    ['missing', 10, undefined, 'there is no such file'],
    ['empty', 10, '', 'it is empty'],
    ['a part of one', 10, '{"format": "rke plan", "ver', 'it is not JSON, or only part of it'],
    ['of something else', 10, '{"kind": "List"}', 'it is not a plan file'],
    ['newer', 10, '{"format": "rke plan", "version": 2}', 'its format has version 2'],
    ['damaged', 15, '{"format": "rke plan", "version": 1, "checksum": "", "plan": {}}', 'it is damaged'],
  ])('that is %s is refused by name, with the next step', async (_, exitCode, text, why) => {
    const path = cluster.path('bad.json')
    await rm(path, { force: true })
    if (text !== undefined) await cluster.write(text, 'bad.json')
    const { code, out } = await cluster.rke(`up --plan ${path}`)
    expect(code).toBe(exitCode)
    expect(out).toContain(path)
    expect(out).toContain(why)
    expect(out).toContain('rke plan --out FILE')
  })

  test('that somebody edited is refused', async () => {
    await cluster.write(`${CLUSTER}addon_job_timeout: 77\n`)
    await mayPlan('forged.json')
    const text = await cluster.read('forged.json')
    await cluster.write(text.replace('record the configuration', 'read the configuration'), 'forged.json')
    const { code, out } = await cluster.rke(`up --plan ${cluster.path('forged.json')}`)
    expect(code).toBe(15)
    expect(out).toContain('it was changed after it was written')
    await cluster.write(CLUSTER)
  })

  test('does not overwrite a file of another kind', async () => {
    const { code, err } = await cluster.rke(`plan --out ${cluster.path('cluster.yml')}`)
    expect(code).toBe(10)
    expect(err).toContain('is not a plan file')
    expect(await cluster.read('cluster.yml')).toBe(CLUSTER)
  })

  test.each(['/dev/null', '-', 'no-such-folder/plan.json', '.'])(
    'is not written to %s, which is refused before a machine is asked',
    async (out) => {
      const { code, err } = await cluster.rke(`plan --out ${out}`)
      expect(code).toBe(10)
      expect(err).toContain(`the plan file ${out} cannot be written`)
      expect(err).not.toContain('Connecting')
    },
  )

  test.each(['up --plan=', 'plan --out='])(
    'is named: "%s" with nothing behind it is an error',
    async (line) => {
      const { code, out, err } = await cluster.rke(line)
      expect(code).toBe(1)
      expect(out + err).toContain('needs a value')
    },
  )

  test('that is another file is not quoted: it may be one with a password', async () => {
    await cluster.write('hunter2', 'password.txt')
    const { out, err } = await cluster.rke(`up --plan ${cluster.path('password.txt')}`)
    expect(out + err).toContain('it is not JSON')
    expect(out + err).not.toContain('hunter')
  })

  test('that is no regular file is not waited for', async () => {
    const { code, out } = await cluster.rke('up --plan /dev/null')
    expect(code).toBe(10)
    expect(out).toContain('it is not a regular file')
  })

  test('of another cluster is refused before a machine is asked', async () => {
    const other = await CliCluster.of(CLUSTER)
    expect(await other.rke('up')).toMatchObject({ code: 0 })
    expect(await other.rke(`plan --out ${cluster.path('other.json')}`)).toMatchObject({ code: 0 })
    await other.remove()
    const { code, out } = await cluster.rke(`up --plan ${cluster.path('other.json')}`)
    expect(code).toBe(15)
    expect(out).toContain('the plan was made for another cluster')
    expect(out).not.toContain('Connecting')
  })

  test('is named in the plan as JSON', async () => {
    const { out } = await cluster.rke(`plan --output json --out ${cluster.path('as-json.json')}`)
    const { hash } = JSON.parse(await cluster.read('as-json.json')).plan
    expect(JSON.parse(out)).toMatchObject({ hash, file: cluster.path('as-json.json') })
  })

  const choices = ['--nodes 10.66.0.11', '--dry-run', '--no-drain', '--skip-unreachable']
  test.each([...choices, '--ignore-docker-version'])(
    'does not go with %s: what is chosen is in the plan',
    async (flag) => {
      const { code, out, err } = await cluster.rke(`up --plan ${cluster.path('new.json')} ${flag}`)
      expect(code).toBe(1)
      expect(out + err).toContain(`--plan does not go with ${flag.split(' ')[0]}`)
    },
  )
})
