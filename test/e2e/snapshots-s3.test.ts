import { cp, readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { membersOf } from '../integration/snapshot-helper/zip-members.ts'
import { CertificateFiles } from '../integration/support/certificate-files.ts'
import { network } from '../testbed/addresses.ts'
import { nameStoreOn, storeNames } from '../testbed/index.ts'
import { newServerIdentity } from '../testbed/s3/authority.ts'
import type { Fault } from '../testbed/s3/fault.ts'
import { waitUntil } from '../testbed/wait-until.ts'
import { allRoles, clusterFile, nodeOf, WITHOUT_METRICS } from './support/cluster-file.ts'
import { ConnectProxy } from './support/connect-proxy.ts'
import { readyNodes } from './support/kube.ts'
import { linesOf, shell } from './support/machine-shell.ts'
import { at, useMachines } from './support/machines.ts'
import { listProcesses } from './support/process-lists.ts'
import { recurringEach } from './support/recurring-snapshots.ts'
import { lastLines, type RkeResult } from './support/rke-process.ts'
import { SnapshotBucket } from './support/snapshot-bucket.ts'
import { containersOf, touched } from './support/touched-containers.ts'
import { Workspace } from './support/workspace.ts'

const VERSION = 'v1.31.1-rancher1-1'
const SECRET = 'RKE_E2E_S3_SECRET'
/** Exit code where a snapshot is not where it should be. */
const NOT_SAVED = 20
const SNAPSHOTS = '/opt/rke/etcd-snapshots'

/** Of the JSON of `snapshot-ls`. */
interface Listed {
  readonly name: string
  readonly place: unknown
  readonly hash?: string
  readonly kubernetesVersion?: string
}

const machines = useMachines(1, VERSION)
let s3: SnapshotBucket
let workspace: Workspace
let certificates: CertificateFiles
/** Such a proxy as companies have: the only way to the bucket for helpers of etcd. */
let proxy: ConnectProxy

beforeAll(async () => {
  s3 = await SnapshotBucket.start()
  proxy = await ConnectProxy.start()
  process.env[SECRET] = s3.store.secretKey
  const direct = [machine().address, '0.0.0.0', network.gateway, storeNames.virtualHost]
  const services = {
    etcd: {
      extra_env: [`HTTPS_PROXY=${proxy.url}`, `NO_PROXY=${direct.join()}`],
      backup_config: { interval_hours: 12, s3backupconfig: s3.block(`\${env:${SECRET}}`) },
    },
  }
  workspace = await Workspace.create(
    clusterFile([nodeOf(at(machines, 0), allRoles)], VERSION, { ...WITHOUT_METRICS, services }),
  )
  certificates = await CertificateFiles.create([machine().address])
  await cp(certificates.dir, workspace.path('cluster_certs'), { recursive: true })
  await workspace.succeed('up', '--custom-certs')
})

afterAll(async () => {
  delete process.env[SECRET]
  await workspace?.[Symbol.asyncDispose]()
  certificates?.[Symbol.dispose]()
  proxy?.[Symbol.dispose]()
  await s3?.[Symbol.asyncDispose]()
})

const fixture = (name: string): Promise<Buffer> =>
  readFile(new URL(`../fixtures/snapshots/${name}`, import.meta.url))
const machine = () => at(machines, 0)
const checksum = async (file: string): Promise<string> =>
  (await shell(machine(), `sha256sum ${SNAPSHOTS}/${file}`)).split(' ')[0] ?? ''
const setValue = async (name: string, value: string): Promise<void> => {
  const body = { metadata: { name }, data: { value } }
  await workspace.kube().core.createNamespacedConfigMap({ namespace: 'default', body })
}

const valueNames = async (): Promise<readonly string[]> => {
  const { items } = await workspace.kube().core.listNamespacedConfigMap({ namespace: 'default' })
  return items.map(({ metadata }) => metadata?.name ?? '').filter((name) => name !== 'kube-root-ca.crt')
}

describe('with a bucket in cluster.yml, its secret key from the environment', () => {
  it('the recurring container gets the bucket by its command, and the keys by its environment', async () => {
    const text = await shell(machine(), 'docker inspect etcd-rolling-snapshots')
    const [{ Config }] = JSON.parse(text)
    const { endpoint, identity, accessKey, secretKey } = s3.store
    const base64 = (value: string): string => Buffer.from(value).toString('base64')
    expect(Config.Cmd.slice(-8)).toEqual([
      '--creation=12h',
      '--retention=72h',
      '--s3-backup=true',
      `--s3-endpoint=${endpoint}`,
      '--s3-bucketName=backups',
      '--s3-region=',
      `--s3-endpoint-ca=${base64(identity.ca)}`,
      '--s3-folder=prod',
    ])
    expect(Config.Env).toEqual(
      expect.arrayContaining([
        `S3_ACCESS_KEY=${base64(accessKey)}`,
        `S3_SECRET_KEY=${base64(secretKey)}`,
        `HTTPS_PROXY=${proxy.url}`,
      ]),
    )
  })

  it('a snapshot lies on the node and, byte by byte the same, in the folder of the bucket', async () => {
    await setValue('before', '1')
    const processes = await listProcesses(machine())
    const saved = await workspace.succeed('etcd', 'snapshot-save', '--name', 'first', '--output', 'json')
    const seen = await processes.stop()
    expect(await s3.bucket.keys()).toEqual(['prod/first.zip'])
    expect(await s3.bucket.sha256('prod/first.zip')).toBe(await checksum('first.zip'))
    expect(await s3.bucket.contentType('prod/first.zip')).toBe('application/zip')
    expect(saved.stdout).toContain('prod/first.zip')
    expect(proxy.asked).toContain(s3.store.endpoint)
    expect(seen).toContain('rke-etcd-backup etcd-backup save')
    expect(s3.secrets.filter((secret) => seen.includes(secret))).toEqual([])
    await setValue('after', '2')
  })
})

describe('a save with flags of another bucket', () => {
  const save = async (name: string, otherwise: Readonly<Record<string, string>> = {}) =>
    workspace.rke(['etcd', 'snapshot-save', '--name', name, ...(await s3.flags(workspace, otherwise))])

  it('goes through a server that is busy for a while', async () => {
    s3.proxy.play({ kind: 'unavailable' }, { times: 4 })
    const busy = await save('busy', { 's3-endpoint': s3.proxy.endpoint })
    expect(busy.exitCode, lastLines(busy)).toBe(0)
    expect(await s3.bucket.keys()).toContain('busy.zip')
  })

  it('goes to a name that only the node knows, with the name of the bucket before it', async () => {
    await nameStoreOn(machine(), s3.store, [s3.bucket.name])
    const saved = await save('by-name', { 's3-endpoint': `${storeNames.virtualHost}:${s3.store.port}` })
    expect(saved.exitCode, lastLines(saved)).toBe(0)
    expect(await s3.bucket.keys()).toContain('by-name.zip')
    // The program itself has looked into the bucket, through the node.
    expect(saved.stdout).not.toContain('level=warning')
  })

  it.each<[string, string, Readonly<Record<string, string>>, RegExp]>([
    ['an access key nobody knows', 'access-key', { 'access-key': 'nobody' }, /Access Key/],
    ['a wrong secret key', 'secret-key', { 'secret-key': 'wrong' }, /secret key|signature/],
    ['a bucket that is not there', 'no-bucket', { 'bucket-name': 'missing' }, /bucket missing/],
    ['a CA that the server is not under', 'other-ca', { 's3-endpoint-ca': 'other-ca.pem' }, /certificate/],
    ['an endpoint where nobody listens', 'nobody', { 's3-endpoint': '127.0.0.1:1' }, /connection refused/],
  ])('%s: the snapshot is on the node, verified, and the cause is named', async (_, name, wrong, says) => {
    await workspace.write('other-ca.pem', (await newServerIdentity([], [])).ca)
    await failsToCopy(name, wrong, says)
  })

  it.each<[string, string, Fault, RegExp]>([
    ['may not be written to', 'denied', { kind: 'denied' }, /Access Denied/],
    [
      'cuts each upload in the middle',
      'cut',
      { kind: 'cut', afterBytes: 50_000 },
      /EOF|reset|broken pipe|closed by foreign host/,
    ],
  ])('a bucket that %s: the same', async (_, name, fault, says) => {
    s3.proxy.play(fault, { method: 'PUT' })
    await failsToCopy(name, { 's3-endpoint': s3.proxy.endpoint }, says)
  })

  it('a server whose clock is an hour ahead: the same', async () => {
    s3.proxy.play({ kind: 'clock', seconds: 3600 })
    await failsToCopy('clock', { 's3-endpoint': s3.proxy.endpoint }, /time/)
  })

  async function failsToCopy(name: string, wrong: Readonly<Record<string, string>>, says: RegExp) {
    const [before, keys] = [await containersOf(machines), await s3.bucket.keys()]
    const failed = await save(name, wrong)
    s3.proxy.heal()
    expect(failed.exitCode, lastLines(failed)).toBe(NOT_SAVED)
    expect(failed.stdout).toMatch(new RegExp(`${name}\\.zip was not copied to the bucket`))
    expect(failed.stdout).toMatch(says)
    expect(await linesOf(machine(), `ls ${SNAPSHOTS}`)).toContain(`${name}.zip`)
    expect(touched(before, await containersOf(machines))).toEqual([])
    expect(await s3.bucket.keys()).toEqual(keys)
  }
})

describe('snapshots of node and bucket together', () => {
  const ofFirst = async (...command: readonly string[]) => {
    const { stdout } = await workspace.succeed('etcd', ...command, '--output', 'json')
    const { snapshots }: { readonly snapshots: readonly Listed[] } = JSON.parse(stdout)
    return snapshots.filter(({ name }) => name === 'first')
  }

  it.each(['node', 'local'])('are listed, with the bucket asked by way of %s', async (via) => {
    const listed = await ofFirst('snapshot-ls', '--s3-via', via)
    expect(listed.map(({ place, kubernetesVersion }) => ({ place, kubernetesVersion }))).toEqual([
      { place: { kind: 'node', address: machine().address }, kubernetesVersion: VERSION },
      { place: { kind: 's3', key: 'prod/first.zip' }, kubernetesVersion: VERSION },
    ])
  })

  it('are verified, and hold the same', async () => {
    const [here, there] = await ofFirst('snapshot-verify', 'first')
    expect(here).toMatchObject({ hasState: true, kubernetesVersion: VERSION, hash: there?.hash })
    expect(here?.hash).toMatch(/^[\da-f]{64}$/)
  })

  it('are removed by their exact names', async () => {
    for (const name of ['old', 'old-2']) await s3.bucket.put(`prod/${name}.zip`, await fixture('renamed.zip'))
    await workspace.succeed('etcd', 'snapshot-rm', 'old', '--yes')
    const keys = await s3.bucket.keys()
    expect(keys.filter((key) => key.startsWith('prod/old'))).toEqual(['prod/old-2.zip'])
  })
})

describe('recurring snapshots', () => {
  it('are copied to the bucket with the state, and old ones are removed there', async () => {
    const old = 'prod/2024-11-20T21:52:03Z_etcd.zip'
    await s3.bucket.put(old, 'x')
    await using _recurring = await recurringEach(machine(), '3s')
    const taken = async (): Promise<readonly string[]> =>
      (await s3.bucket.keys()).filter((key) => /^prod\/\d{4}-.*_etcd\.zip$/.test(key) && key !== old)
    await waitUntil('two recurring snapshots', async () => (await taken()).length > 1, 60_000)
    const [key = ''] = await taken()
    const name = key.replace(/^prod\/|\.zip$/g, '')
    expect(membersOf(await s3.bucket.get(key)).map((member) => member.name)).toEqual([
      `/backup/${name}`,
      `/etc/kubernetes/${name}.rkestate`,
    ])
    expect(await s3.bucket.keys()).not.toContain(old)
    expect(await s3.bucket.keys()).toContain('prod/first.zip')
  })
})

describe('a restore from the bucket', () => {
  const restore = async (name: string, otherwise?: Readonly<Record<string, string>>) => {
    const flags = otherwise === undefined ? [] : await s3.flags(workspace, otherwise)
    return workspace.rke(['etcd', 'snapshot-restore', '--name', name, '--yes', '--custom-certs', ...flags])
  }

  beforeAll(async () => {
    await shell(machine(), `rm -f ${SNAPSHOTS}/*`)
    for (const name of ['flipped', 'wrong-hash', 'foreign-member', 'renamed']) {
      await s3.bucket.put(`prod/${name}.zip`, await fixture(`${name}.zip`))
    }
    await s3.bucket.put('first.zip', await s3.bucket.get('prod/first.zip'))
  })

  it.each<[string, string, Readonly<Record<string, string>> | undefined, RegExp]>([
    ['a name that nobody saved', 'frist', undefined, /no snapshot frist in the bucket/],
    [
      'an archive with a flipped bit',
      'flipped',
      undefined,
      /its archive in the bucket is damaged: zip: checksum error/,
    ],
    ['a database with a wrong hash', 'wrong-hash', undefined, /SHA-256 is not/],
    ['an archive with a foreign file', 'foreign-member', undefined, /\/etc\/passwd/],
    ['a renamed archive', 'renamed', undefined, /holds the snapshot another-name/],
    ['an unknown access key', 'first', { 'access-key': 'nobody' }, /access key/],
    ['a wrong secret key', 'first', { 'secret-key': 'wrong' }, /secret key/],
    ['a bucket that is not there', 'first', { 'bucket-name': 'missing' }, /no bucket missing/],
    ['another CA', 'first', { 's3-endpoint-ca': 'other-ca.pem' }, /certificate/],
  ])('of %s changes nothing, and says why', async (_, name, otherwise, says) => {
    await harmless(() => restore(name, otherwise), says)
  })

  it.each<[string, Fault, RegExp]>([
    ['cuts each download in the middle', { kind: 'cut', afterBytes: 5000 }, /unexpected EOF/],
    ['has another clock', { kind: 'clock', seconds: -3600 }, /clock/],
    ['forbids to read', { kind: 'denied' }, /may not do this/],
  ])('through a server that %s changes nothing', async (_, fault, says) => {
    s3.proxy.play(fault, { method: 'GET', path: 'first.zip' })
    await harmless(() => restore('first', { 's3-endpoint': s3.proxy.endpoint }), says)
  })

  it('onto a machine without snapshots brings back what was there, with certificates of the user, and nothing else', async () => {
    expect(await valueNames()).toEqual(['after', 'before'])
    const processes = await listProcesses(machine())
    s3.proxy.play({ kind: 'unavailable' }, { times: 3 })
    s3.proxy.play({ kind: 'slow', bytesPerSecond: 1_000_000 })
    const restored = await restore('first', { 's3-endpoint': s3.proxy.endpoint })
    const seen = await processes.stop()
    expect(restored.exitCode, lastLines(restored)).toBe(0)
    expect(await valueNames()).toEqual(['before'])
    expect(await readyNodes(workspace.kube())).toEqual([machine().address])
    expect(s3.secrets.filter((secret) => seen.includes(secret))).toEqual([])
    const { 'kube-ca': authority } = certificates.bundle
    expect(await workspace.authority()).toBe(`${authority?.certificatePEM}${authority?.keyPEM}`)
    expect(await workspace.plan('--custom-certs')).toMatchObject({ exitCode: 0, actions: [] })
  })

  /** It fails, and neither containers nor the local state are touched. */
  async function harmless(run: () => Promise<RkeResult>, says: RegExp): Promise<void> {
    await workspace.write('other-ca.pem', (await newServerIdentity([], [])).ca)
    const [before, state] = [await containersOf(machines), await readFile(workspace.path('cluster.rkestate'))]
    const failed = await run()
    s3.proxy.heal()
    expect(failed.exitCode, lastLines(failed)).not.toBe(0)
    expect(failed.stdout).toMatch(says)
    expect(touched(before, await containersOf(machines))).toEqual([])
    expect((await readFile(workspace.path('cluster.rkestate'))).equals(state)).toBe(true)
  }
})

it('no key of the bucket was printed', () => {
  expect(workspace.printedSecrets(...s3.secrets)).toEqual([])
})
