import { beforeEach, expect, test } from 'vitest'
import {
  type CheckCertificatesOptions,
  checkCertificates,
} from '../../../../src/operations/certificates/check-certificates.ts'
import type { CertificatesBundle } from '../../../../src/pki/encoding/certificate-entry.ts'
import { newKeys } from '../../../../src/pki/encoding/keys.ts'
import { ensureBundle } from '../../../../src/pki/issue/bundle.ts'
import type { Deps } from '../../../../src/session/deps.ts'
import { MemoryStateStore } from '../../../../src/state/memory-state-store.ts'
import { ALL_ROLES } from '../clusters.ts'
import { Scenario } from '../support.ts'

const SSL = '/etc/kubernetes/ssl'
const [A, B, C] = ['10.66.0.11', '10.66.0.12', '10.66.0.13'] as const
const DAY_MS = 24 * 60 * 60 * 1000

let scenario: Scenario

beforeEach(async () => {
  scenario = await Scenario.up(ALL_ROLES)
  scenario.writes()
})

const check = (options: CheckCertificatesOptions = {}, deps: Partial<Deps> = {}) =>
  checkCertificates(scenario.config, { ...scenario.deps, ...deps }, options).result
const bundleNow = async (): Promise<CertificatesBundle> =>
  (await scenario.store.load())?.state.desiredState.certificatesBundle ?? {}
/** The certificates of the cluster, of which some are issued again: with another key, unless it is kept. */
async function issuedAgain(names: readonly string[], clock = new Date()): Promise<CertificatesBundle> {
  const { config } = scenario
  const existing = await bundleNow()
  const request = { config, existing, renew: new Set(names), keys: newKeys, localKubeconfigPath: '' }
  return (await ensureBundle({ ...request, clock: () => clock })).bundle
}
const put = (address: string, file: string, text: string): void =>
  scenario.world.machine(address).disk.write(`${SSL}/${file}`, text, 0o600)
/** That time here and on all machines. */
function inDays(days: number): Pick<Deps, 'clock'> {
  for (const machine of scenario.world.machines) machine.clockAheadMs = days * DAY_MS
  return { clock: () => new Date(Date.now() + days * DAY_MS) }
}

test('an unchanged cluster has every certificate in its state, on its nodes and on its ports, and no difference', async () => {
  const { certificates, problems, unreachable, verdict } = await check()
  expect({ problems, unreachable, verdict }).toEqual({ problems: [], unreachable: [], verdict: 'ok' })
  const shown = certificates.map(({ name, kind, inState, files, served }) => [
    name,
    kind,
    inState,
    files.length,
    served.map(({ port }) => port).join(),
  ])
  expect(shown).toEqual([
    ['kube-ca', 'cluster', true, 3, ''],
    ['kube-apiserver-requestheader-ca', 'cluster', true, 3, ''],
    ['kube-apiserver', 'cluster', true, 3, '6443,6443,6443'],
    ['kube-service-account-token', 'key-only', true, 3, ''],
    ['kube-controller-manager', 'cluster', true, 3, ''],
    ['kube-scheduler', 'cluster', true, 3, ''],
    ['kube-proxy', 'cluster', true, 3, ''],
    ['kube-node', 'cluster', true, 3, ''],
    ['kube-admin', 'cluster', true, 0, ''],
    ['kube-apiserver-proxy-client', 'cluster', true, 3, ''],
    ['kube-etcd-10-66-0-11', 'cluster', true, 3, '2379,2380'],
    ['kube-etcd-10-66-0-12', 'cluster', true, 3, '2379,2380'],
    ['kube-etcd-10-66-0-13', 'cluster', true, 3, '2379,2380'],
    ['kube-controller-manager', 'own', false, 0, '10257,10257,10257'],
    ['kube-scheduler', 'own', false, 0, '10259,10259,10259'],
    ['kubelet', 'own', false, 0, '10250,10250,10250'],
  ])
  expect(certificates.find(({ name }) => name === 'kube-node')).toMatchObject({
    commonName: 'system:node',
    organization: 'system:nodes',
    issuer: 'kube-ca',
    dnsNames: [],
    daysLeft: 3649,
  })
  expect(scenario.writes()).toEqual([])
})

test('a file that was replaced by hand is named, with what still serves the one before', async () => {
  const other = (await issuedAgain(['kube-apiserver']))['kube-apiserver']
  put(B, 'kube-apiserver.pem', other?.certificatePEM ?? '')
  const { problems, verdict, certificates } = await check()
  expect(verdict).toBe('failed')
  expect(problems.map(({ node, message }) => [node, message])).toEqual([
    [
      B,
      expect.stringMatching(
        /^the file kube-apiserver\.pem is not the certificate of the state: it is signed by kube-ca, has the serial number [0-9A-F]+ and ends on /,
      ),
    ],
    [B, 'the file kube-apiserver-key.pem does not belong to kube-apiserver.pem beside it'],
    [
      B,
      expect.stringMatching(
        /^kube-apiserver serves another certificate on port 6443 than kube-apiserver\.pem holds, .*: it has not read the file again, so restart it$/,
      ),
    ],
  ])
  const [first, second] = certificates.filter(({ name }) => name === 'kube-apiserver')
  expect(first).toMatchObject({ inState: true, files: [A, C] })
  expect(second).toMatchObject({ inState: false, files: [B], served: [] })
})

test('files that are missing or damaged are named, and so is a token key that is not that of the state', async () => {
  const disk = scenario.world.machine(C).disk
  disk.remove(`${SSL}/kube-node.pem`)
  put(C, 'kube-proxy.pem', 'nothing')
  put(C, 'kube-scheduler-key.pem', 'nothing')
  put(C, 'kube-service-account-token-key.pem', (await bundleNow())['kube-node']?.keyPEM ?? '')
  const { problems } = await check()
  expect(problems.map(({ node, severity, message }) => `${severity} ${node} ${message}`)).toEqual([
    `error ${C} the file kube-node.pem is missing`,
    `error ${C} the file kube-proxy.pem holds no certificate that can be read`,
    `error ${C} the file kube-scheduler-key.pem holds no private key that can be read`,
    `error ${C} the file kube-service-account-token-key.pem is not the key of the state`,
  ])
})

test('a node whose certificate files are all gone is a failure, and one of which nothing is left is named', async () => {
  const { docker } = scenario.world.machine(B)
  docker.containers.splice(0)
  docker.images.clear()
  const { problems, verdict } = await check()
  expect(verdict).toBe('incomplete')
  expect(problems.filter(({ node }) => node === B)[0]).toMatchObject({
    severity: 'warning',
    message: expect.stringMatching(/^its certificate files could not be read: /),
  })
  scenario.world.machine(C).disk.remove(SSL)
  const gone = await check()
  expect(gone.verdict).toBe('failed')
  expect(gone.problems.filter(({ node }) => node === C)).toMatchObject([
    { severity: 'error', message: 'all certificate files are missing' },
  ])
})

test('files are read without a container of the cluster, of another run no helper is removed, and no folder is made', async () => {
  const { docker, disk } = scenario.world.machine(B)
  docker.containers.splice(0)
  const ofOther = docker.create('cert-fetcher', { Image: scenario.config.systemImages.alpine })
  const { certificates } = await check()
  expect(certificates.find(({ name }) => name === 'kube-ca')?.files).toEqual([A, B, C])
  disk.remove('/etc/kubernetes')
  const { problems } = await check()
  expect(problems).toContainEqual(
    expect.objectContaining({ node: B, message: 'all certificate files are missing' }),
  )
  expect(disk.exists('/etc/kubernetes')).toBe(false)
  expect(docker.containers).toEqual([ofOther])
})

test('an etcd file that RKE leaves as it was when members change is no failure', async () => {
  const name = 'kube-etcd-10-66-0-12'
  const { [name]: gone, ...others } = await bundleNow()
  const { config } = scenario
  const keys = { generate: async () => gone?.keyPEM ?? '' }
  const again = await ensureBundle({
    config,
    existing: others,
    keys,
    clock: () => new Date(),
    localKubeconfigPath: '',
  })
  put(A, `${name}.pem`, again.bundle[name]?.certificatePEM ?? '')
  const { problems, verdict } = await check()
  expect(verdict).toBe('ok')
  expect(problems).toEqual([
    {
      severity: 'warning',
      certificates: [name],
      node: A,
      message: `the file ${name}.pem is an earlier certificate with the same key and authority than the state has; it works as long as its names are enough`,
    },
  ])
})

test('a file that nothing reads any more is shown, and is no failure, whatever its end', async () => {
  const old = await issuedAgain(['kube-scheduler'], new Date(Date.now() - 3700 * DAY_MS))
  put(A, 'kube-etcd-10-66-0-99.pem', old['kube-scheduler']?.certificatePEM ?? '')
  const { certificates, verdict } = await check()
  expect(verdict).toBe('ok')
  expect(certificates.find(({ name }) => name === 'kube-etcd-10-66-0-99')).toMatchObject({
    kind: 'unused',
    status: 'expired',
    files: [A],
  })
})

test('certificates that end within the days asked for are no failure, those that have ended are', async () => {
  expect(await check({}, inDays(3650 - 91))).toMatchObject({ verdict: 'ok', problems: [] })
  const soon = await check({}, inDays(3650 - 30))
  expect(soon.verdict).toBe('ends-soon')
  expect(soon.problems).toHaveLength(1)
  expect((await check({ warnDays: 7 }, inDays(3650 - 30))).verdict).toBe('ok')
  const ended = await check({}, inDays(4000))
  expect(ended.verdict).toBe('failed')
  expect(ended.problems.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^certificates kube-ca, .* and 9 more have ended on .*"rke cert rotate"$/),
  ])
  expect(ended.certificates.find(({ name }) => name === 'kube-ca')?.status).toBe('expired')
  expect(new Set(ended.certificates.filter(({ kind }) => kind === 'own').map(({ name }) => name)).size).toBe(
    3,
  )
})

test('a machine that cannot be reached, and a component that does not answer, are named; without the machine the check is incomplete', async () => {
  scenario.world.machine(A).reachable = false
  scenario.world.machine(B).docker.stop('kube-scheduler')
  const { problems, unreachable, verdict, certificates } = await check()
  expect(verdict).toBe('incomplete')
  expect(unreachable.map(({ host }) => host)).toEqual([A])
  expect(problems.map(({ node, message }) => [node, message])).toEqual([
    [B, expect.stringMatching(/^kube-scheduler shows no certificate on port 10259: /)],
  ])
  expect(certificates.find(({ name }) => name === 'kube-ca')?.files).toEqual([B, C])
})

test('a machine whose clock is another one is named, because certificates end there at another time', async () => {
  scenario.world.machine(C).clockAheadMs = 3 * DAY_MS
  const { problems, verdict } = await check()
  expect(verdict).toBe('ok')
  expect(problems.map(({ node, message }) => [node, message])).toEqual([
    [
      C,
      expect.stringMatching(/^the clock of host \[10\.66\.0\.13\] is 3 days ahead of that of this machine/),
    ],
  ])
})

test('a change of certificates that has not come to its end is told from one that was never made', async () => {
  const stored = await scenario.store.load()
  const next = await issuedAgain(['kube-scheduler'])
  const state = {
    desiredState: { ...stored?.state.desiredState, certificatesBundle: next },
    currentState: stored?.state.currentState ?? {},
  }
  const store = new MemoryStateStore(state)
  put(A, 'kube-scheduler.pem', next['kube-scheduler']?.certificatePEM ?? '')
  put(A, 'kube-scheduler-key.pem', next['kube-scheduler']?.keyPEM ?? '')
  const { problems } = await check({}, { store })
  const text =
    'the file kube-scheduler.pem is not replaced yet: the run that changes it has not come to its end'
  expect(problems.map(({ node, message }) => [node, message])).toEqual([
    [undefined, 'a run that changes certificates has not come to its end (kube-scheduler): run it again'],
    [B, text],
    [C, text],
  ])
})

test('the state alone is checked without a machine, and its entries against each other', async () => {
  const bundle = await bundleNow()
  const other = await issuedAgain(['kube-ca', 'kube-apiserver-requestheader-ca'])
  const broken = {
    ...bundle,
    'kube-proxy': { ...bundle['kube-proxy'], ...(other['kube-proxy'] as object) },
    'kube-node': { ...bundle['kube-node'], keyPEM: bundle['kube-scheduler']?.keyPEM },
    'kube-scheduler': { ...bundle['kube-scheduler'], certificatePEM: '' },
  } as CertificatesBundle
  const store = new MemoryStateStore({ desiredState: { certificatesBundle: broken }, currentState: {} })
  const { problems, certificates } = await check({ stateOnly: true }, { store })
  expect(problems.map(({ message }) => message)).toEqual([
    'the key of kube-node in the state does not belong to it',
    'kube-proxy in the state is not signed by kube-ca there, but by kube-ca',
    'the state has no certificate kube-scheduler that can be read',
  ])
  expect(certificates.every(({ files, served }) => files.length + served.length === 0)).toBe(true)
  expect(scenario.world.calls).toEqual([])
})

test('without a state there is nothing to compare with', async () => {
  const store = new MemoryStateStore()
  await expect(check({}, { store })).rejects.toMatchObject({
    name: 'StateError',
    hint: expect.stringContaining('rke util get-state-file'),
  })
})
