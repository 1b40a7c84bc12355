import { ApiException } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Machine, startKmsPlugin } from '../testbed/index.ts'
import { askOnce, identityFrom } from './support/ask.ts'
import { allRoles, clusterFile, type Fields, nodeOf, WITHOUT_METRICS } from './support/cluster-file.ts'
import { type Constantly, constantly } from './support/constantly.ts'
import { stepEvent } from './support/events.ts'
import { shell } from './support/machine-shell.ts'
import { at, useMachines } from './support/machines.ts'
import { lastLines, type RkeEvent } from './support/rke-process.ts'
import { storedSecrets } from './support/stored-secrets.ts'
import { watchApi } from './support/watch-api.ts'
import { Workspace } from './support/workspace.ts'

/**
 * Two API servers whose Secrets are encrypted, encrypted with another key, by a key management service, and not encrypted any more. Each
 * change is begun by a run that is killed, while a Secret is read from both of them all the time.
 */

const VERSION = 'v1.31.1-rancher1-1'
const FILE = '/etc/kubernetes/ssl/encryption.yaml'
const KEPT = { name: 'kept', namespace: 'default' }

const machines = useMachines(2, VERSION)
let workspace: Workspace
let reads: Constantly
let api: Constantly

beforeAll(async () => {
  workspace = await Workspace.create(fileOf({ enabled: false }))
  await workspace.succeed('up')
  await workspace.kube().core.createNamespacedSecret({
    namespace: KEPT.namespace,
    body: { metadata: { name: KEPT.name }, stringData: { since: 'the beginning' } },
  })
  reads = readSecret()
  api = watchApi(workspace, machines)
})

afterAll(async () => {
  await Promise.all([reads?.stop(), api?.stop()])
  await workspace?.[Symbol.asyncDispose]()
})

describe('encryption that is switched on', () => {
  it('holds for every Secret in the end, with one key, and nothing is left to do', async () => {
    await changeTo(
      { enabled: true },
      stepEvent('done', 'container.replace', `${at(machines, 1).address}/container`),
    )
    await expectStored(/^aescbc:v1:k-\w{5}$/)
    await expectFile(/k-\w{5}/)
  })

  it('is seen by nobody who reads Secrets, and there is an API all the time', expectNoLoss)
})

describe('a key that is exchanged on command, by a run that is killed and one more', () => {
  it('is gone in the end: every Secret has the new one, those that were made meanwhile, too', async () => {
    const [before = ''] = Object.values(await storedSecrets(at(machines, 0)))
    const writes = writeSecrets()
    const killed = await workspace.rke(['encrypt', 'rotate-key', '--output', 'json'], {
      killAt: stepEvent('done', 'encryption.record', 'encryption/2'),
    })
    expect(killed.triggered, lastLines(killed)).toBe(true)
    const { stdout, stderr } = await workspace.succeed('encrypt', 'rotate-key')
    const { failures } = await writes.stop()
    expect(failures).toEqual([])
    const [after = ''] = Object.values(await storedSecrets(at(machines, 0)))
    expect(after).not.toBe(before)
    await expectStored(new RegExp(`^${after}$`))
    await expectFile(new RegExp(after.split(':').at(-1) ?? ''))
    expect(stdout + stderr).toMatch(new RegExp(`\\d+ secrets stored as ${after}`))
    expect(written.length).toBeGreaterThan(5)
    const stored = Object.keys(await storedSecrets(at(machines, 0)))
    expect(stored).toEqual(expect.arrayContaining(written.map((name) => `/registry/secrets/default/${name}`)))
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })

  it('is seen by nobody who reads Secrets, and there is an API all the time', expectNoLoss)
})

describe('a key of the user in place of the own one, for ConfigMaps as well', () => {
  it('is that of every Secret in the end', async () => {
    await changeTo(
      {
        enabled: true,
        custom_config: {
          resources: [
            {
              resources: ['secrets', 'configmaps'],
              providers: [
                {
                  aescbc: {
                    keys: [{ name: 'mine', secret: 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU=' }],
                  },
                },
                { identity: {} },
              ],
            },
          ],
        },
      },
      stepEvent('done', 'service.health', 'encryption/2'),
    )
    await expectStored(/^aescbc:v1:mine$/)
    const configMaps = await storedSecrets(at(machines, 0), 'configmaps')
    expect([...new Set(Object.values(configMaps))]).toEqual(['aescbc:v1:mine'])
    await expectFile(/mine/)
  })

  it('is seen by nobody who reads Secrets, and there is an API all the time', expectNoLoss)
})

describe('a key management service in place of the key, in one edit with the folder of its socket, and then another one', () => {
  const FOLDER = '/opt/kms'
  const WITH_FOLDER = { extra_binds: [`${FOLDER}:${FOLDER}`] }
  const pluginsOf = (...names: readonly string[]): Fields => ({
    enabled: true,
    custom_config: {
      resources: [
        {
          resources: ['secrets', 'configmaps'],
          providers: [
            ...names.map((name) => ({
              kms: { apiVersion: 'v2', name, endpoint: `unix://${FOLDER}/${name}.sock` },
            })),
            { identity: {} },
          ],
        },
      ],
    },
  })

  it('is refused before anything is changed where API servers would not see the socket', async () => {
    for (const machine of machines) {
      for (const name of ['one', 'two']) await startKmsPlugin(machine, FOLDER, name)
    }
    await workspace.write('cluster.yml', fileOf(pluginsOf('one')))
    const { exitCode, stdout } = await workspace.rke(['up'])
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 15,
      stdout: expect.stringContaining('extra_binds'),
    })
  })

  it('encrypts every Secret in the end', async () => {
    const killAt = stepEvent('done', 'container.replace', `${at(machines, 0).address}/container`)
    await changeTo(pluginsOf('one'), killAt, WITH_FOLDER)
    await expectStored(/^kms:v2:one$/)
    const configMaps = await storedSecrets(at(machines, 0), 'configmaps')
    expect([...new Set(Object.values(configMaps))]).toEqual(['kms:v2:one'])
    await changeTo(pluginsOf('two'), stepEvent('done', 'encryption.rewrite'), WITH_FOLDER)
    await expectStored(/^kms:v2:two$/)
    await expectFile(/two/)
  })

  it('is seen by nobody who reads Secrets, and there is an API all the time', expectNoLoss)
})

describe('encryption that is switched off', () => {
  it('leaves every Secret as it is, and no key on a node', async () => {
    // As if the run had been killed a moment later: an API server that is asked to stop has two seconds for it.
    await changeTo({ enabled: false }, stepEvent('done', 'encryption.rewrite'), {}, () =>
      shell(at(machines, 0), 'nohup docker stop --time 2 kube-apiserver >/dev/null 2>&1 &'),
    )
    await expectStored(/^identity$/)
    for (const machine of machines) {
      expect(await shell(machine, `ls ${FILE} 2>&1; true`)).toContain('No such file')
      expect(await shell(machine, 'docker inspect kube-apiserver')).not.toContain(
        'encryption-provider-config',
      )
    }
  })

  it('is seen by nobody who reads Secrets, and there is an API all the time', expectNoLoss)
})

it('prints no secret in any of these runs', () => {
  expect(workspace.printedSecrets('QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU')).toEqual([])
})

function fileOf(encryption: Fields, server: Fields = {}): string {
  return clusterFile(
    machines.map((machine, index) => nodeOf(machine, index === 0 ? allRoles : ['controlplane', 'worker'])),
    VERSION,
    {
      ...WITHOUT_METRICS,
      services: {
        'kube-api': { ...server, secrets_encryption_config: encryption },
      },
    },
  )
}

async function changeTo(
  encryption: Fields,
  killAt: (event: RkeEvent) => boolean,
  server: Fields = {},
  afterKill: () => Promise<unknown> = async () => undefined,
): Promise<void> {
  await workspace.write('cluster.yml', fileOf(encryption, server))
  const killed = await workspace.rke(['up', '--output', 'json'], { killAt })
  expect(killed.triggered, lastLines(killed)).toBe(true)
  await afterKill()
  await workspace.succeed('up')
  expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  const secret = await workspace.kube().core.readNamespacedSecret(KEPT)
  expect(secret.data).toEqual({ since: Buffer.from('the beginning').toString('base64') })
}

async function expectStored(how: RegExp): Promise<void> {
  const stored = await storedSecrets(at(machines, 0))
  expect(Object.keys(stored)).toContain('/registry/secrets/default/kept')
  expect(Object.keys(stored)).toContain('/registry/secrets/kube-system/full-cluster-state')
  expect([...new Set(Object.values(stored))]).toEqual([expect.stringMatching(how)])
}

async function expectFile(keys: RegExp): Promise<void> {
  for (const machine of machines) {
    const names = (await shell(machine, `stat -c %a ${FILE}; grep name: ${FILE}`)).trim().split('\n')
    expect(names).toEqual(['600', expect.stringMatching(keys)])
  }
}

/** An API server may be away for a moment; but one that answers must be able to read the Secret. */
function readSecret(): Constantly {
  const identity = identityFrom(workspace.path('kube_config_cluster.yml'))
  const url = ({ address }: Machine): string =>
    `https://${address}:6443/api/v1/namespaces/${KEPT.namespace}/secrets/${KEPT.name}`
  const readFrom = (machine: Machine): Promise<void> =>
    askOnce(url(machine), identity).catch((thrown: unknown) => {
      if (String(thrown).includes('answered 500')) throw thrown
    })
  return constantly(200, async () => {
    await Promise.all(machines.map(readFrom))
  })
}

/** Names of Secrets that an API server said it has made. */
const written: string[] = []

/** Makes a Secret every half second. An API server may be away for a moment; one that answers makes it. */
function writeSecrets(): Constantly {
  let number = 0
  return constantly(500, async () => {
    const name = `written-${number++}`
    const body = { metadata: { name }, stringData: { number: name } }
    try {
      await workspace.kube().core.createNamespacedSecret({ namespace: 'default', body })
      written.push(name)
    } catch (thrown) {
      // 503: it says itself that it is shutting down.
      if (thrown instanceof ApiException && thrown.code !== 503) throw thrown
    }
  })
}

function expectNoLoss(): void {
  for (const { made, failures } of [reads.take(), api.take()]) {
    expect(made).toBeGreaterThan(20)
    expect(failures).toEqual([])
  }
}
