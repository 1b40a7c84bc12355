import { beforeEach, describe, expect, it } from 'vitest'
import { checkCertificates } from '../../../src/operations/certificates/check-certificates.ts'
import { rotateCertificates } from '../../../src/operations/certificates/rotate-certificates.ts'
import { plan } from '../../../src/operations/plan.ts'
import type { Rotation } from '../../../src/session/certificates/rotate.ts'
import { keyPool } from '../../sim/key-pool.ts'
import { cluster } from './clusters.ts'
import { builtLongAgo, expire } from './expired-cluster.ts'
import { eventsOf, type Scenario } from './support.ts'

const ALL = 'controlplane, etcd, worker'
const THREE = cluster({ 11: ALL, 12: ALL, 13: ALL, 14: 'worker' })
const keys = keyPool(30)
const BUILT = builtLongAgo(THREE, keys)

let scenario: Scenario

beforeEach(async () => {
  scenario = await (await BUILT).copy()
})

describe('a cluster whose certificates have ended', () => {
  beforeEach(() => expire(scenario, { keys }))

  it('is not planned for: what has ended is named, with the nodes and the command that renews it', async () => {
    for (const run of [scenario.plan(), scenario.up().result]) {
      const error = await run.then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      expect(String(error)).toMatch(
        /the Kubernetes API does not answer: certificates kube-apiserver, .* have ended on/,
      )
      expect(String(error)).toContain('(10.66.0.11, 10.66.0.12, 10.66.0.13, 10.66.0.14)')
      expect(error).toMatchObject({ hint: expect.stringContaining('rke cert rotate'), untouched: true })
    }
  })

  it('is brought back by that command at once, and has nothing left to do', async () => {
    const { atOnce, newAuthorities, formerAdmin } = await rotate()
    expect(atOnce).toBe(true)
    expect(formerAdmin?.hasEnded).toBe(true)
    expect(newAuthorities).toEqual([])
    expect((await scenario.plan()).steps).toEqual([])
  })

  it('gets others for all that has ended, whatever service is named', async () => {
    const { issued } = await rotate({ services: ['kube-scheduler'] })
    expect(issued).toContain('kube-apiserver')
    expect((await scenario.plan()).steps).toEqual([])
  })

  it('is left alone unless that is confirmed', async () => {
    scenario.writes()
    const { config, deps } = scenario
    const asked: boolean[] = []
    const run = rotateCertificates(
      config,
      { ...deps, keys },
      {
        confirm: async ({ atOnce }) => {
          asked.push(atOnce)
          return false
        },
      },
    )
    await expect(run.result).rejects.toThrow('nothing was rotated')
    expect(asked).toEqual([true])
    expect(scenario.writes()).toEqual([])
  })

  it('has all etcd members restarted before one is waited for, and API servers after all of them', async () => {
    const { steps } = await rotate({ dryRun: true })
    const place = (id: string): number => steps.findIndex((step) => step.id === id)
    const last = Math.max(...[11, 12, 13].map((node) => place(`node/10.66.0.${node}/restart/etcd`)))
    const first = Math.min(...[11, 12, 13].map((node) => place(`node/10.66.0.${node}/health/etcd`)))
    expect(last).toBeGreaterThan(-1)
    expect(first).toBeGreaterThan(last)
    expect(place('node/10.66.0.11/restart/kube-apiserver')).toBeGreaterThan(first)
  })
})

describe('a cluster whose CA has ended, too', () => {
  beforeEach(() => expire(scenario, { authorities: true, keys }))

  it('gets new authorities by the same command, and keeps the key of its tokens', async () => {
    const before = await bundle()
    const { newAuthorities, atOnce } = await rotate()
    expect(atOnce).toBe(true)
    expect(newAuthorities).toEqual(['kube-ca', 'kube-apiserver-requestheader-ca'])
    const after = await bundle()
    expect(after['kube-ca']?.keyPEM).not.toBe(before['kube-ca']?.keyPEM)
    expect(after['kube-service-account-token']?.keyPEM).toBe(before['kube-service-account-token']?.keyPEM)
    const published = scenario.kube
      .list('v1', 'ConfigMap', 'kube-system')
      .find(({ metadata }) => metadata.name === 'kube-root-ca.crt')
    expect(published).toMatchObject({ data: { 'ca.crt': after['kube-ca']?.certificatePEM } })
    expect((await scenario.plan()).steps).toEqual([])
  })
})

describe('serving certificates of kubelets that have ended alone', () => {
  const TWO = `${cluster({ 11: ALL, 12: 'worker' })}services: {kubelet: {generate_serving_certificate: true}}\n`
  const SERVING = builtLongAgo(TWO, keys)
  const NAMES = ['kube-kubelet-10-66-0-11', 'kube-kubelet-10-66-0-12']
  const fileOf = (node: string, name: string): string =>
    scenario.world.machine(node).disk.read(`/etc/kubernetes/ssl/${name}.pem`) ?? ''

  beforeEach(async () => {
    scenario = await (await SERVING).copy()
    await expire(scenario, { only: 'kube-kubelet-', keys })
  })

  it('are named by cert check, and by plan and up with the command that renews them', async () => {
    const { certificates, verdict } = await checkCertificates(scenario.config, scenario.deps).result
    expect(verdict).toBe('failed')
    const ended = certificates.filter(({ status }) => status === 'expired')
    expect(ended.map(({ name }) => name)).toEqual(NAMES)
    expect(ended.map(({ served }) => served[0]?.component)).toEqual(['kubelet', 'kubelet'])
    for (const run of [plan(scenario.config, scenario.deps), scenario.up()]) {
      const texts = (await eventsOf(run)).flatMap((event) => (event.type === 'notice' ? [event.text] : []))
      expect(texts).toContainEqual(
        expect.stringMatching(
          /^certificates kube-kubelet-10-66-0-11 and kube-kubelet-10-66-0-12 have ended on .*: renew them with "rke cert rotate"$/,
        ),
      )
    }
  })

  it.each([
    ['all', []],
    ['kubelet', ['kubelet']],
  ])(
    'are renewed by a rotation (of %s) one node after the other, and kubelets serve them',
    async (_, services) => {
      const before = fileOf('10.66.0.12', 'kube-kubelet-10-66-0-12')
      const { atOnce, steps } = await rotate({ services })
      expect(atOnce).toBe(false)
      const restarted = steps.filter(({ kind }) => kind === 'container.restart').map(({ id }) => id)
      expect(restarted).toEqual(
        expect.arrayContaining(['node/10.66.0.11/restart/kubelet', 'node/10.66.0.12/restart/kubelet']),
      )
      if (services.length > 0) expect(restarted).toHaveLength(2)
      const { problems, certificates } = await checkCertificates(scenario.config, scenario.deps).result
      const ofKubelets = problems.filter((one) => one.certificates.some((name) => NAMES.includes(name)))
      expect(ofKubelets.filter(({ severity }) => severity === 'error')).toEqual([])
      for (const name of NAMES) {
        const row = certificates.filter((one) => one.name === name)
        expect(row.map(({ status, served }) => [status, served.length])).toEqual([['valid', 1]])
      }
      expect(fileOf('10.66.0.12', 'kube-kubelet-10-66-0-12')).not.toBe(before)
      expect((await scenario.plan()).steps).toEqual([])
    },
  )
})

async function rotate(options: { dryRun?: boolean; services?: readonly string[] } = {}): Promise<Rotation> {
  const { config, deps } = scenario
  return rotateCertificates(config, { ...deps, keys }, options).result
}

async function bundle() {
  return (await scenario.store.load())?.state.currentState.certificatesBundle ?? {}
}
