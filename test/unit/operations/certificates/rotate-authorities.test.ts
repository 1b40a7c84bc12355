import { beforeEach, describe, expect, test } from 'vitest'
import type { Event } from '../../../../src/engine/events.ts'
import type { Run } from '../../../../src/engine/run.ts'
import type { ConfigMap, KubeObject, KubeSecret } from '../../../../src/kube/objects/kube-object.ts'
import { keyIdOf, ROOT_CA, TOKEN_TYPE } from '../../../../src/kube/objects/root-ca.ts'
import {
  type AuthoritiesRotated,
  type RotateAuthoritiesOptions,
  rotateAuthorities,
} from '../../../../src/operations/certificates/rotate-authorities.ts'
import { rotateCertificates } from '../../../../src/operations/certificates/rotate-certificates.ts'
import { tokenKeyId } from '../../../../src/pki/rotation/token-key-id.ts'
import type { Deps } from '../../../../src/session/deps.ts'
import { VirtualTime } from '../../../sim/direct/virtual-time.ts'
import { keyPool } from '../../../sim/key-pool.ts'
import { agent, dns } from '../../../sim/workloads.ts'
import { cluster } from '../clusters.ts'
import { killedInWrite, killedWhen } from '../crash.ts'
import { randomKills, seed } from '../random.ts'
import { configOf, eventsOf, Scenario } from '../support.ts'
import { mounting, podsOf, settled } from './pods.ts'

const ALL = 'controlplane, etcd, worker'
const THREE = cluster({ 11: ALL, 12: ALL, 13: 'worker' })
const TOKEN = 'kube-service-account-token'
const CA_FILE = '/etc/kubernetes/ssl/kube-ca.pem'

/** Others than those that clusters are built with. */
const keys = keyPool(80)
let scenario: Scenario

beforeEach(async () => {
  scenario = await Scenario.up(THREE)
})

function rotate(options: RotateAuthoritiesOptions = {}, more: Partial<Deps> = {}): Run<AuthoritiesRotated> {
  return rotateAuthorities(scenario.config, { ...scenario.deps, keys, ...more }, options)
}

const stateOf = async ({ store }: Scenario) => {
  const state = (await store.load())?.state
  if (state === undefined) throw new TypeError('there is no state')
  return state
}
const bundleOf = async (one: Scenario) => (await stateOf(one)).currentState.certificatesBundle ?? {}
const certificates = (text: string | undefined) => text?.match(/BEGIN CERTIFICATE/g)?.length ?? 0

/** All is new, in RKE's form, everywhere; nothing is left to do. */
async function expectRotated(before: Awaited<ReturnType<typeof bundleOf>>): Promise<void> {
  const { currentState, desiredState, caRotation } = await stateOf(scenario)
  expect(caRotation).toBeUndefined()
  const bundle = currentState.certificatesBundle ?? {}
  expect(desiredState.certificatesBundle).toEqual(bundle)
  for (const [name, entry] of Object.entries(bundle)) {
    expect(certificates(entry.certificatePEM), name).toBe(1)
    expect(entry.keyPEM, name).not.toBe(before[name]?.keyPEM)
  }
  const ca = bundle['kube-ca']?.certificatePEM
  for (const { disk } of scenario.world.machines) expect(disk.read(CA_FILE)).toBe(ca)
  const key = `/etc/kubernetes/ssl/${TOKEN}-key.pem`
  for (const { disk, apiServer } of scenario.world.machines) {
    if (apiServer !== undefined) expect(disk.read(key)).toBe(bundle[TOKEN]?.keyPEM)
  }
  const maps = scenario.kube.list('v1', 'ConfigMap').filter(({ metadata }) => metadata.name === ROOT_CA)
  expect(maps.length).toBeGreaterThan(1)
  for (const map of maps as readonly ConfigMap[]) expect(map.data?.['ca.crt']).toBe(ca)
  expect((await scenario.plan()).steps).toEqual([])
}

test('a CA is rotated in three stages, and nothing is left of the old one', async () => {
  const before = await bundleOf(scenario)
  const { stopsFor } = await rotate().result
  expect(stopsFor).toBeUndefined()
  await expectRotated(before)
})

test('no CA is rotated, in stages or at once, while a node is being added', async () => {
  const store = scenario.store
  const stored = await store.load()
  if (stored === undefined) throw new TypeError('there is no state')
  const rkeConfig = configOf(cluster({ 11: ALL, 12: ALL, 13: 'worker', 14: 'worker' }))
  const { state } = stored
  await store.save({ ...state, desiredState: { ...state.desiredState, rkeConfig } }, stored.revision)
  scenario.writes()
  for (const immediately of [false, true]) {
    await expect(rotate({ immediately }).result).rejects.toMatchObject({
      message: expect.stringContaining('begun to add 10.66.0.14'),
      untouched: true,
    })
  }
  expect(scenario.writes()).toEqual([])
})

test('a dry run shows in each stage what that changes, and not what another one does', async () => {
  const { stages } = await rotate({ dryRun: true }).result
  const restarted = (name: string) =>
    stages.map(
      ({ steps }) =>
        steps.filter(({ kind, subject }) => kind === 'container.restart' && subject === name).length,
    )
  expect(restarted('etcd')).toEqual([2, 2, 2])
  expect(restarted('kubelet')).toEqual([3, 3, 3])
  const kubelet = stages.map(
    ({ steps }) => steps.find(({ id }) => id.endsWith('.13/restart/kubelet'))?.because,
  )
  expect(kubelet).toEqual([
    ['certificate kube-ca changed'],
    ['certificates kube-ca, kube-node changed'],
    ['certificate kube-ca changed'],
  ])
})

test('a dry run shows all stages and changes nothing', async () => {
  const before = await stateOf(scenario)
  scenario.writes()
  const { steps } = await rotate({ dryRun: true }).result
  for (const part of [
    'trust/',
    'trust-published/',
    'issue/',
    'issue-published/',
    'finish/',
    'finish-published/',
  ])
    expect(
      steps.some(({ id }) => id.startsWith(part)),
      part,
    ).toBe(true)
  expect(scenario.writes()).toEqual([])
  expect(await stateOf(scenario)).toEqual(before)
})

describe('a dry run names those who have to follow before any namespace has the new CA', () => {
  const volumes = [{ name: 'api', projected: { sources: [{ configMap: { name: ROOT_CA } }] } }]
  const named = (name: string) => ({ name, namespace: 'default' })
  beforeEach(async () => {
    scenario.kube.create(mounting(dns(2)))
    scenario.kube.create(mounting(agent))
    const alone = { apiVersion: 'v1', kind: 'Pod', metadata: named('alone'), spec: { volumes } }
    scenario.kube.create(alone as KubeObject)
    const robot = { apiVersion: 'v1', kind: 'Secret', metadata: named('robot'), type: TOKEN_TYPE }
    scenario.kube.create(robot as KubeObject)
    await settled(scenario)
  })
  const restarts = ({ stages }: AuthoritiesRotated, stage: string) =>
    stages
      .find((one) => one.stage === stage)
      ?.steps.filter(({ kind }) => kind === 'workload.restart')
      .map(({ title }) => title)

  test('that the add-ons are restarted, and for whom it stops', async () => {
    const planned = await rotate({ dryRun: true }).result
    expect(planned.stages.map(({ stage }) => stage)).toEqual(['trust', 'issue'])
    expect(planned.stages.flatMap(({ steps }) => steps)).toEqual(planned.steps)
    expect(restarts(planned, 'issue')).toEqual([expect.stringContaining('coredns')])
    const { workloads } = planned.readers
    expect(workloads.map(({ workload, pods, isAddon }) => [workload.name, pods, isAddon])).toEqual([
      ['coredns', 2, true],
      ['agent', 2, false],
    ])
    expect(planned.stopsAfter).toBe('issue')
    expect(planned.stopsFor).toMatchObject({ others: ['default/alone'], oldTokens: ['default/robot'] })
    expect((await rotate().result).stopsFor).toEqual(planned.stopsFor)
  })

  test('that --restart-workloads restarts the others, and what is left for somebody else', async () => {
    const planned = await rotate({ dryRun: true, restartWorkloads: true }).result
    expect(restarts(planned, 'issue')).toEqual([
      expect.stringContaining('coredns'),
      expect.stringContaining('agent'),
    ])
    expect(planned.stopsFor).toEqual({
      workloads: [],
      others: ['default/alone'],
      oldTokens: ['default/robot'],
    })
  })

  test('that --finish renews tokens, and who loses the API with it, which the run says, too', async () => {
    await rotate().result
    const planned = await rotate({ dryRun: true, finish: true }).result
    expect(planned.stages.map(({ stage }) => stage)).toEqual(['issue', 'finish'])
    expect(planned.steps.some(({ kind }) => kind === 'tokens.renew')).toBe(true)
    expect(planned.stopsAfter).toBeUndefined()
    const lost = /lose the Kubernetes API .*: 2 pods of Deployment default\/agent, pod default\/alone/
    expect(planned.waiting.join('\n')).toMatch(lost)
    const events = await eventsOf(rotate({ finish: true }))
    const warnings = events.flatMap((event) =>
      event.type === 'notice' && event.level === 'warning' ? [event.text] : [],
    )
    expect(warnings.join('\n')).toMatch(lost)
  })
})

test('add-ons are restarted with it, one pod after the other', async () => {
  scenario.kube.create(mounting(dns(2)))
  await settled(scenario)
  const before = podsOf(scenario, 'coredns')
  await rotate().result
  expect(podsOf(scenario, 'coredns').filter((name) => before.includes(name))).toEqual([])
  expect(podsOf(scenario, 'coredns')).toHaveLength(2)
})

describe('pods of users that trust only the old CA', () => {
  beforeEach(async () => {
    scenario.kube.create(mounting(agent))
    await settled(scenario)
    expect(podsOf(scenario, 'agent')).toHaveLength(2)
  })

  test('stop it before the old CA goes, and are named', async () => {
    const pods = podsOf(scenario, 'agent')
    const { stopsFor } = await rotate().result
    expect(stopsFor?.workloads).toEqual([expect.objectContaining({ pods: 2, isAddon: false })])
    expect(podsOf(scenario, 'agent')).toEqual(pods)
    const { caRotation, currentState } = await stateOf(scenario)
    expect(caRotation).toBeDefined()
    expect(certificates(currentState.certificatesBundle?.['kube-apiserver']?.certificatePEM)).toBe(2)
    const run = scenario.up()
    const events = await eventsOf(run)
    expect((await run.result).steps).toEqual([])
    const notices = events.flatMap((event) => (event.type === 'notice' ? [event.text] : []))
    expect(notices.join('\n')).toContain('go on with "rke cert rotate --rotate-ca"')
  })

  test('do not stop it any more with --finish', async () => {
    const before = await bundleOf(scenario)
    await rotate().result
    const { stopsFor } = await rotate({ finish: true }).result
    expect(stopsFor).toBeUndefined()
    await expectRotated(before)
  })

  test('are replaced with --restart-workloads, in one run', async () => {
    const before = await bundleOf(scenario)
    const pods = podsOf(scenario, 'agent')
    const { stopsFor } = await rotate({ restartWorkloads: true }).result
    expect(stopsFor).toBeUndefined()
    expect(podsOf(scenario, 'agent').filter((name) => pods.includes(name))).toEqual([])
    await expectRotated(before)
  })

  test('are replaced with --restart-workloads, also where a pod without an owner stops it', async () => {
    const volumes = [{ name: 'api', projected: { sources: [{ configMap: { name: ROOT_CA } }] } }]
    const metadata = { name: 'alone', namespace: 'default' }
    scenario.kube.create({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { volumes } } as KubeObject)
    const pods = podsOf(scenario, 'agent')
    const first = await rotate().result
    expect(first.waiting.join('\n')).not.toContain('and finishes')
    expect(podsOf(scenario, 'agent')).toEqual(pods)
    const { stopsFor } = await rotate({ restartWorkloads: true }).result
    expect(podsOf(scenario, 'agent').filter((name) => pods.includes(name))).toEqual([])
    expect(stopsFor).toEqual({ workloads: [], others: ['default/alone'], oldTokens: [] })
  })

  test('do not stop the next run once they are new', async () => {
    const before = await bundleOf(scenario)
    await rotate().result
    for (const name of podsOf(scenario, 'agent'))
      scenario.kube.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name })
    await settled(scenario)
    expect((await rotate().result).stopsFor).toBeUndefined()
    await expectRotated(before)
  })
})

test('tokens of ServiceAccounts that are stored in Secrets are renewed before their key goes', async () => {
  scenario.kube.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'robot', namespace: 'default' },
    type: TOKEN_TYPE,
  } as KubeObject)
  const robot = { apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: 'robot' }
  const before = await bundleOf(scenario)
  const first = await rotate().result
  expect(first.stopsFor?.oldTokens).toEqual(['default/robot'])
  await rotate({ finish: true }).result
  await expectRotated(before)
  const token = (await bundleOf(scenario))[TOKEN]
  const secret = scenario.kube.get<KubeSecret>(robot)
  if (token === undefined || secret === undefined) throw new TypeError('something is missing')
  expect(keyIdOf(secret)).toBe(tokenKeyId(token))
})

test('immediately, a new CA is everywhere after one restart of everything, and tokens stay valid', async () => {
  const before = await bundleOf(scenario)
  const { steps } = await rotate({ immediately: true }).result
  expect(steps.length).toBeGreaterThan(5)
  const after = await bundleOf(scenario)
  expect(after[TOKEN]).toEqual(before[TOKEN])
  for (const [name, { certificatePEM, keyPEM }] of Object.entries(after)) {
    expect(certificates(certificatePEM), name).toBe(1)
    if (name !== TOKEN) expect(keyPEM, name).not.toBe(before[name]?.keyPEM)
  }
  for (const { disk } of scenario.world.machines)
    expect(disk.read(CA_FILE)).toBe(after['kube-ca']?.certificatePEM)
  expect((await stateOf(scenario)).caRotation).toBeUndefined()
  expect((await scenario.plan()).steps).toEqual([])
})

describe('refused before anything is changed', () => {
  const refused = async (options: RotateAuthoritiesOptions = {}): Promise<Error> => {
    const before = await stateOf(scenario)
    scenario.writes()
    const [outcome] = await Promise.allSettled([rotate(options).result])
    expect(scenario.writes()).toEqual([])
    expect(await stateOf(scenario)).toEqual(before)
    if (outcome.status === 'fulfilled') throw new TypeError('it was not refused')
    return outcome.reason
  }

  test('a node that cannot be reached', async () => {
    scenario.world.machine('10.66.0.13').powerOff()
    expect((await refused({ skipUnreachable: true })).message).toContain('10.66.0.13')
  })

  test('a node that is not Ready', async () => {
    scenario.world.machine('10.66.0.13').docker.stop('kubelet')
    const ref = { apiVersion: 'v1', kind: 'Node', name: '10.66.0.13' }
    const node = scenario.kube.find(ref)
    scenario.kube.replace({
      ...node,
      status: { conditions: [{ type: 'Ready', status: 'False' }] },
    } as KubeObject)
    expect((await refused()).message).toContain('is not Ready')
  })

  test('a rotation that was never begun, to be finished', async () => {
    expect((await refused({ finish: true })).message).toContain('no rotation of the CA was begun')
  })

  test('Kubernetes that does not say who has the new CA, with the ways to go', async () => {
    const older = THREE.replace('v1.30.4-rancher1-1', 'v1.19.16-rancher2-1').replace('flannel', 'none')
    scenario = await Scenario.up(`${older}dns: {provider: none}\nmonitoring: {provider: none}\n`)
    expect(await refused()).toMatchObject({
      message: expect.stringContaining('v1.19.16-rancher2-1 is not rotated in stages'),
      hint: expect.stringMatching(/v1\.20.*--immediately/),
    })
    await rotate({ immediately: true }).result
    expect((await scenario.plan()).steps).toEqual([])
  })

  test('a controller manager that takes one certificate in its file', async () => {
    const flag = '{cluster-signing-cert-file: /etc/kubernetes/ssl/kube-ca.pem}'
    scenario = await Scenario.up(`${THREE}services: {kube-controller: {extra_args: ${flag}}}\n`)
    expect((await refused()).message).toContain('cluster-signing-cert-file')
  })
})

describe('killed', () => {
  const killed = async (steps: number): Promise<void> => {
    let done = 0
    const when = (event: Event): boolean => event.type === 'done' && ++done === steps
    await killedWhen(scenario, when, (options, deps) => rotate(options, deps))
    expect(done).toBeGreaterThanOrEqual(steps)
  }

  // Of some hundred steps: while files are written, components restart, the state is saved; in each stage.
  test.each([25, 95])('after step %i, the next run goes on', async (steps) => {
    const before = await bundleOf(scenario)
    await killed(steps)
    await rotate().result
    await expectRotated(before)
  })

  for (const { number, moment } of randomKills(1, 200)) {
    test(`${moment} write ${number}, the next run goes on (seed ${seed})`, async () => {
      const before = await bundleOf(scenario)
      await killedInWrite(scenario, number, moment, (options, deps) => rotate(options, deps))
      await rotate().result
      await expectRotated(before)
    })
  }

  test('immediately, the next run goes on so, and "up" names it until then', async () => {
    const before = await bundleOf(scenario)
    let done = 0
    const when = (event: Event): boolean => event.type === 'done' && ++done === 25
    await killedWhen(scenario, when, (options, deps) => rotate({ ...options, immediately: true }, deps))
    expect((await stateOf(scenario)).caRotation?.immediately).toBe(true)
    expect((await rotate({ dryRun: true }).result).atOnce).toBe(true)
    await expect(scenario.up().result).rejects.toThrow('the CA is being replaced at once')
    await rotate().result
    const { caRotation } = await stateOf(scenario)
    expect(caRotation).toBeUndefined()
    expect((await bundleOf(scenario))[TOKEN]).toEqual(before[TOKEN])
    expect((await scenario.plan()).steps).toEqual([])
  })

  test('immediately, behind its end, what an upgrade has begun since is not undone by the next run', async () => {
    const isDone = (event: Event): boolean => event.type === 'done' && event.step.kind === 'state.commit'
    await killedWhen(scenario, isDone, (options, deps) => rotate({ ...options, immediately: true }, deps))
    const ca = (await bundleOf(scenario))['kube-ca']
    scenario = scenario.with(`${THREE}services: {kubelet: {extra_args: {v: "3"}}}\n`)
    const isReplaced = (event: Event): boolean =>
      event.type === 'done' && event.step.kind === 'container.replace'
    await killedWhen(scenario, isReplaced)
    scenario.writes()
    await expect(rotateCertificates(scenario.config, scenario.deps).result).rejects.toMatchObject({
      message: expect.stringContaining('the cluster is not as it was applied last: container kubelet'),
      hint: expect.stringContaining('"rke up"'),
    })
    expect(scenario.writes()).toEqual([])
    await scenario.up().result
    await rotateCertificates(scenario.config, scenario.deps).result
    const { caRotation, currentState } = await stateOf(scenario)
    expect(caRotation).toBeUndefined()
    expect(currentState.certificatesBundle?.['kube-ca']).toEqual(ca)
    expect((await scenario.plan()).steps).toEqual([])
  })

  test('by a node that is not Ready after a stage, it says which stage is done, and the same command goes on', async () => {
    const before = await bundleOf(scenario)
    const ref = { apiVersion: 'v1', kind: 'Node', name: '10.66.0.13' }
    const ready = (status: string): void => {
      if (status === 'False') scenario.world.machine('10.66.0.13').docker.stop('kubelet')
      const conditions = [{ type: 'Ready', status }]
      scenario.kube.replace({ ...scenario.kube.find(ref), status: { conditions } } as KubeObject)
    }
    const run = rotate({}, { time: new VirtualTime(scenario.world) })
    for await (const event of run)
      if (event.type === 'done' && event.step.kind === 'state.commit') ready('False')
    await expect(run.result).rejects.toMatchObject({
      why: expect.stringMatching(/^stage 1 of 3 is done/),
      untouched: false,
    })
    ready('True')
    await rotate().result
    await expectRotated(before)
  })

  test('in a stage, "up" goes on with that stage, and the rotation with the next one', async () => {
    const before = await bundleOf(scenario)
    await killed(50)
    await scenario.up().result
    expect((await scenario.plan()).steps).toEqual([])
    await rotate().result
    await expectRotated(before)
  })

  test('while it is not done, nothing else is rotated', async () => {
    await killed(50)
    const renewal = rotateCertificates(scenario.config, scenario.deps, { services: ['kubelet'] }).result
    await expect(renewal).rejects.toThrow('the CA is being rotated')
  })
})
