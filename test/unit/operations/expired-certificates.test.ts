import { beforeEach, describe, expect, it } from 'vitest'
import { rotateCertificates } from '../../../src/operations/certificates/rotate-certificates.ts'
import type { Rotation } from '../../../src/session/certificates/rotate.ts'
import { keyPool } from '../../sim/key-pool.ts'
import { cluster } from './clusters.ts'
import { builtLongAgo, expire } from './expired-cluster.ts'
import type { Scenario } from './support.ts'

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
    const { atOnce, newAuthorities } = await rotate()
    expect(atOnce).toBe(true)
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

async function rotate(options: { dryRun?: boolean; services?: readonly string[] } = {}): Promise<Rotation> {
  const { config, deps } = scenario
  return rotateCertificates(config, { ...deps, keys }, options).result
}

async function bundle() {
  return (await scenario.store.load())?.state.currentState.certificatesBundle ?? {}
}
