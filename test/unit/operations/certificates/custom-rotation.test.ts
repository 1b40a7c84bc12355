import { beforeEach, expect, test } from 'vitest'
import {
  type RotateOptions,
  rotateCertificates,
} from '../../../../src/operations/certificates/rotate-certificates.ts'
import type { CertificatesBundle } from '../../../../src/pki/encoding/certificate-entry.ts'
import { CLUSTER_CA, TOKEN_CERTIFICATE } from '../../../../src/pki/inventory/inventory.ts'
import { ensureBundle } from '../../../../src/pki/issue/bundle.ts'
import { certificatesToRenew } from '../../../../src/pki/issue/renewal.ts'
import type { Rotation } from '../../../../src/session/certificates/rotate.ts'
import type { Deps } from '../../../../src/session/deps.ts'
import { keyPool } from '../../../sim/key-pool.ts'
import { cluster } from '../clusters.ts'
import { Scenario } from '../support.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** Not those that the cluster was built with. */
const keys = keyPool(40)

let scenario: Scenario
let files: Map<string, string>

beforeEach(async () => {
  scenario = await Scenario.up(cluster({ 11: 'controlplane, etcd, worker', 12: 'worker' }))
  files = await folder()
  scenario.writes()
})

/** A folder of `--custom-certs`: all certificates, of which leaves, and with `rotateCa` authorities, are others than the cluster has. */
async function folder({ rotateCa = false } = {}): Promise<Map<string, string>> {
  const { config } = scenario
  const { bundle } = await ensureBundle({
    config: { ...config, certificates: { caDays: 0, leafDays: 400, renewBeforeDays: 0 } },
    existing: await applied(),
    keys,
    clock: () => new Date(),
    renew: certificatesToRenew({ config, services: [], rotateCa }),
    localKubeconfigPath: '',
  })
  const texts = Object.entries(bundle).flatMap(([name, { certificatePEM, keyPEM }]): [string, string][] => [
    [`${name}.pem`, certificatePEM],
    [`${name}-key.pem`, keyPEM],
  ])
  return new Map(texts)
}

const applied = async (): Promise<CertificatesBundle> =>
  (await scenario.store.load())?.state.currentState.certificatesBundle ?? {}

const rotate = (options: RotateOptions = {}, deps: Partial<Deps> = {}): Promise<Rotation> =>
  rotateCertificates(scenario.config, { ...scenario.deps, ...deps }, { certificates: files, ...options })
    .result

test('certificates of a folder take the place of all, on nodes and in the state, and what reads them is restarted', async () => {
  const before = await applied()
  const { steps, issued, formerAdmin } = await rotate()
  expect(issued).toEqual([])
  expect(formerAdmin).toBeDefined()
  const restarted = steps.filter(({ kind }) => kind === 'container.restart').map(({ subject }) => subject)
  expect(new Set(restarted)).toEqual(
    new Set(['kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy']),
  )
  const after = await applied()
  for (const [name, { certificatePEM }] of Object.entries(after)) {
    expect(certificatePEM.trim(), name).toBe(files.get(`${name}.pem`)?.trim())
  }
  expect(after[TOKEN_CERTIFICATE]?.keyPEM).toBe(before[TOKEN_CERTIFICATE]?.keyPEM)
  for (const { disk } of scenario.world.machines) {
    expect(disk.read('/etc/kubernetes/ssl/kube-node.pem')).toBe(after['kube-node']?.certificatePEM)
  }
  expect((await scenario.plan()).steps).toEqual([])
})

test.each<[string, () => Promise<unknown> | unknown, RegExp]>([
  ['of which one is missing', () => files.delete('kube-scheduler.pem'), /Failed to find.*\[?kube-scheduler/],
  [
    'of which one has the key of another',
    () => files.set('kube-proxy-key.pem', files.get('kube-node-key.pem') ?? ''),
    /kube-proxy/,
  ],
  [
    'of which one is signed by another CA',
    async () => {
      const other = await folder({ rotateCa: true })
      for (const file of ['kube-node.pem', 'kube-node-key.pem']) files.set(file, other.get(file) ?? '')
    },
    /kube-node/,
  ],
  [
    'of another CA than the cluster has',
    async () => {
      files = await folder({ rotateCa: true })
    },
    new RegExp(`${CLUSTER_CA}\\.pem is not the CA that this cluster was built with`),
  ],
])('a folder %s is refused, with nothing changed', async (_, spoil, message) => {
  await spoil()
  const before = await applied()
  await expect(rotate()).rejects.toMatchObject({
    message: expect.stringMatching(message),
    untouched: true,
    hint: expect.stringMatching(/./),
  })
  expect(scenario.writes()).toEqual([])
  expect(await applied()).toEqual(before)
})

test('a folder whose certificates have expired is refused, with nothing changed', async () => {
  const clock = (): Date => new Date(Date.now() + 500 * DAY_MS)
  await expect(rotate({}, { clock })).rejects.toMatchObject({
    message: expect.stringMatching(/kube-node.*(expired|ended)/),
    untouched: true,
  })
  expect(scenario.writes()).toEqual([])
})
