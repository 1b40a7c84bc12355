import { beforeEach, describe, expect, it, test } from 'vitest'
import type { Event } from '../../../src/engine/events.ts'
import {
  type RotateOptions,
  rotateCertificates,
} from '../../../src/operations/certificates/rotate-certificates.ts'
import { certificatePath, keyPath } from '../../../src/pki/inventory/certificate-names.ts'
import type { Rotation } from '../../../src/session/certificates/rotate.ts'
import type { ClusterState } from '../../../src/state/cluster-state.ts'
import { keyPool } from '../../sim/key-pool.ts'
import * as byRke from '../../sim/rke-rotation.ts'
import { cluster } from './clusters.ts'
import { killedWhen } from './crash.ts'
import { Scenario } from './support.ts'

const FILE = cluster({ 11: 'controlplane, etcd, worker', 12: 'worker' })
/** Not those that the cluster was built with. */
const keys = keyPool(20)
const PATH = '/etc/kubernetes/ssl/kube-node-key.pem'

let scenario: Scenario

beforeEach(async () => {
  scenario = await Scenario.up(FILE)
})

test('a node that was being added has renewed certificates, too, once it is added, and runs with them', async () => {
  const larger = cluster({ 11: 'controlplane, etcd, worker', 12: 'worker', 13: 'controlplane, worker' })
  const growing = (await Scenario.up(FILE, larger)).with(larger)
  const isStarted = (event: Event): boolean =>
    event.type === 'done' &&
    event.step.kind === 'service.health' &&
    event.step.node === '10.66.0.13' &&
    event.step.subject === 'kubelet'
  await killedWhen(growing, isStarted)
  expect(growing.world.machine('10.66.0.13').kubelet).toBeDefined()
  await rotateCertificates(growing.config, { ...growing.deps, keys }).result
  await growing.up().result
  const state = (await growing.store.load())?.state
  const { certificatePEM, keyPEM } = state?.currentState.certificatesBundle?.['kube-node'] ?? {}
  const { disk, kubelet } = growing.world.machine('10.66.0.13')
  expect(disk.read(PATH)).toBe(keyPEM)
  expect(kubelet?.certificate).toBe(certificatePEM)
  expect((await growing.plan()).steps).toEqual([])
})

describe('a rotation of RKE that was killed before nodes had its certificates', () => {
  beforeEach(() => rotatedByRke(['kubelet']))

  it('is finished by cert rotate, without issuing again', async () => {
    const issued = await keyOf('kube-node')
    const { finished, issued: again } = await rotate({ services: ['kubelet'] })
    expect(finished).toEqual(['kube-node'])
    expect(again).toEqual([])
    await expectFinished(issued)
  })

  it('is finished by up as well', async () => {
    const issued = await keyOf('kube-node')
    const { steps } = await scenario.up().result
    expect(steps.map(({ id }) => id)).toContain('node/10.66.0.12/restart/kubelet')
    await expectFinished(issued)
  })
})

describe('a rotation of RKE that was killed after nodes had its certificates, and before everything was restarted', () => {
  beforeEach(() => rotatedByRke(['kubelet']).then(recordedByRke))

  it('is finished by up, which restarts those who read them, and nobody else', async () => {
    const issued = await keyOf('kube-node')
    expect(await restartsIn(scenario.plan())).toEqual([
      'node/10.66.0.11/restart/kubelet',
      'node/10.66.0.12/restart/kubelet',
    ])
    await scenario.up().result
    await expectFinished(issued)
  })

  it('is not forgotten by a run that is killed before it has restarted them', async () => {
    await killedWhen(scenario, (event) => event.type === 'started' && event.step.kind === 'container.restart')
    expect(await restartsIn(scenario.plan())).toContain('node/10.66.0.12/restart/kubelet')
  })

  it('is finished by a rotation of something else as well', async () => {
    const restarts = await restartsIn(rotate({ services: ['kube-proxy'], dryRun: true }))
    expect(restarts.filter((id) => id.endsWith('kubelet'))).toHaveLength(2)
  })

  it('has nothing left to do once everybody has been restarted since', async () => {
    restartAll('kubelet')
    expect(await restartsIn(scenario.plan())).toEqual([])
  })
})

describe('a new CA of RKE', () => {
  for (const [when, moment] of [
    ['before nodes had it', async () => {}],
    ['before anybody had read it', recordedByRke],
  ] as const) {
    it(`that was killed ${when} is brought to everybody at once, and up is refused until then`, async () => {
      await rotatedByRke([], { rotateCa: true }).then(moment)
      for (const refused of [scenario.plan(), scenario.up().result]) {
        await expect(refused).rejects.toMatchObject({
          message: expect.stringContaining('the CA was replaced by a run that was killed'),
          hint: expect.stringContaining('rke cert rotate'),
          untouched: true,
        })
      }
      const { atOnce, steps } = await rotate()
      expect(atOnce).toBe(true)
      expect(steps.map(({ id }) => id)).toContain('node/10.66.0.11/restart/etcd')
      await scenario.up().result
      expect((await scenario.plan()).steps).toEqual([])
    })
  }
})

test('a service that does not exist, which a killed rotation of RKE was asked for, hinders nobody', async () => {
  await rotatedByRke([], { asked: ['foo'] })
  expect((await scenario.plan()).steps).toEqual([])
})

describe('a run of up that was killed while it replaced containers', () => {
  it('is not undone by a rotation, which is refused before anything is changed', async () => {
    const next = scenario.with(`${FILE}services: {kubelet: {extra_args: {v: '4'}}}\n`)
    const isBegun = (event: Event): boolean =>
      event.type === 'done' && event.step?.kind === 'container.replace'
    await killedWhen(next, isBegun)
    scenario.writes()
    await expect(rotate()).rejects.toMatchObject({
      message: expect.stringMatching(/not as it was applied last: container kubelet differs on 10\.66\.0\.1/),
      hint: expect.stringContaining('finish that with "rke up"'),
      untouched: true,
    })
    expect(scenario.writes()).toEqual([])
    await next.up().result
    await rotate()
    expect((await next.plan()).steps).toEqual([])
  })
})

describe('rotate_certificates in cluster.yml', () => {
  it('is done once, by itself, and recorded as RKE records it', async () => {
    const before = await keyOf('kube-scheduler')
    const asked = scenario.with(`${FILE}rotate_certificates: {services: [kube-scheduler]}\n`)
    expect((await asked.plan()).steps.map(({ id }) => id)).toContain('node/10.66.0.11/restart/kube-scheduler')
    await asked.up({}, { keys }).result
    expect(await keyOf('kube-scheduler')).not.toBe(before)
    const state = (await scenario.store.load())?.state
    expect(state?.currentState.rkeConfig?.rotateCertificates).toMatchObject({ services: ['kube-scheduler'] })
    const after = await keyOf('kube-scheduler')
    await asked.up({}, { keys }).result
    expect((await asked.plan()).steps).toEqual([])
    expect(await keyOf('kube-scheduler')).toBe(after)
  })

  it('leaves nothing behind once it is taken out', async () => {
    await scenario.with(`${FILE}rotate_certificates: {}\n`).up({}, { keys }).result
    await scenario.up().result
    expect((await scenario.store.load())?.state.currentState.rkeConfig?.rotateCertificates).toBeUndefined()
    expect((await scenario.plan()).steps).toEqual([])
  })
})

describe('a node that cannot be reached', () => {
  beforeEach(() => scenario.world.machine('10.66.0.12').powerOff())

  it('keeps a rotation from beginning', async () => {
    scenario.writes()
    await expect(rotate()).rejects.toMatchObject({
      host: '10.66.0.12',
      hint: expect.stringContaining('--skip-unreachable'),
    })
    expect(scenario.writes()).toEqual([])
  })

  it('that is left out gets the same certificates from the next run', async () => {
    await expect(rotate({ skipUnreachable: true })).rejects.toThrow('renewed, but for host(s) [10.66.0.12]')
    const issued = (await scenario.store.load())?.state.desiredState.certificatesBundle?.['kube-node']?.keyPEM
    scenario.world.machine('10.66.0.12').powerOn()
    await scenario.up().result
    await expectFinished(issued)
  })
})

it('a service that does not exist is refused, with the names of those that do', async () => {
  await expect(rotate({ services: ['kubelets'] })).rejects.toMatchObject({
    message: expect.stringContaining('kubelets'),
    hint: expect.stringContaining('kube-controller-manager'),
  })
})

/** RKE is killed before any node has what it has issued. */
async function rotatedByRke(
  services: readonly string[],
  more: Partial<byRke.RkeRotation> = {},
): Promise<void> {
  await changeState((state) => byRke.rotatedByRke(state, { services, keys, ...more }))
}

/** RKE is killed a moment later: all nodes have the files. */
async function recordedByRke(): Promise<void> {
  const { desiredState } = await changeState(byRke.recordedByRke)
  for (const { disk } of scenario.world.machines) {
    for (const [name, { certificatePEM, keyPEM }] of Object.entries(desiredState.certificatesBundle ?? {})) {
      const [file, keyFile] = [certificatePath(name), keyPath(name)]
      if (disk.exists(file) && disk.read(file) !== certificatePEM) disk.write(file, certificatePEM, 0o600)
      if (disk.exists(keyFile) && disk.read(keyFile) !== keyPEM) disk.write(keyFile, keyPEM, 0o600)
    }
  }
}

async function changeState(
  change: (state: ClusterState) => ClusterState | Promise<ClusterState>,
): Promise<ClusterState> {
  const stored = await scenario.store.load()
  if (stored === undefined) throw new TypeError('there is no state')
  const state = await change(stored.state)
  await scenario.store.save(state, stored.revision)
  return state
}

/** Containers of this name run since right now. */
function restartAll(name: string): void {
  for (const { docker } of scenario.world.machines) docker.find(name).starts(new Date().toISOString())
}

async function restartsIn(planned: Promise<Pick<Rotation, 'steps'>>): Promise<readonly string[]> {
  const { steps } = await planned
  return steps.filter(({ kind }) => kind === 'container.restart').map(({ id }) => id)
}

async function rotate(options: RotateOptions = {}): Promise<Rotation> {
  return rotateCertificates(scenario.config, { ...scenario.deps, keys }, options).result
}

async function keyOf(name: string): Promise<string | undefined> {
  return (await scenario.store.load())?.state.currentState.certificatesBundle?.[name]?.keyPEM
}

async function expectFinished(key: string | undefined): Promise<void> {
  expect(await keyOf('kube-node')).toBe(key)
  for (const { disk } of scenario.world.machines) expect(disk.read(PATH)).toBe(key)
  await scenario.up().result
  expect((await scenario.plan()).steps).toEqual([])
  expect(await keyOf('kube-node')).toBe(key)
}
