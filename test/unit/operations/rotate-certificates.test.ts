import { X509Certificate } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  type RotateOptions,
  rotateCertificates,
} from '../../../src/operations/certificates/rotate-certificates.ts'
import type { Rotation } from '../../../src/session/certificates/rotate.ts'
import type { Deps } from '../../../src/session/deps.ts'
import { callText } from '../../sim/calls.ts'
import { keyPool } from '../../sim/key-pool.ts'
import { cluster } from './clusters.ts'
import { Scenario } from './support.ts'

const ALL = 'controlplane, etcd, worker'
/** Not those that the cluster was built with. */
const keys = keyPool(20)
const THREE = cluster({ 11: ALL, 12: ALL, 13: ALL, 14: 'worker' })
const TOKEN = 'kube-service-account-token'

let scenario: Scenario

beforeEach(async () => {
  scenario = await Scenario.up(THREE)
})

describe('a rotation of all certificates', () => {
  it('renews all with new keys but the authorities and the token key, in the state and on the nodes', async () => {
    const before = await bundle()
    const { issued, formerAdmin } = await rotate()
    const after = await bundle()
    for (const name of Object.keys(before)) {
      const stays = ['kube-ca', 'kube-apiserver-requestheader-ca', TOKEN].includes(name)
      expect(after[name]?.keyPEM === before[name]?.keyPEM, name).toBe(stays)
      expect(issued.includes(name), name).toBe(!stays)
      expect(stays ? after[name] : { ...after[name], certificatePEM: '', keyPEM: '', config: '' }).toEqual(
        stays ? before[name] : { ...before[name], certificatePEM: '', keyPEM: '', config: '' },
      )
    }
    expect(formerAdmin?.hasEnded).toBe(false)
    expect(formerAdmin?.serialNumber).toBe(
      new X509Certificate(before['kube-admin']?.certificatePEM ?? '').serialNumber,
    )
    for (const machine of scenario.world.machines) {
      expect(machine.disk.read('/etc/kubernetes/ssl/kube-node.pem')).toBe(after['kube-node']?.certificatePEM)
    }
    expect(await namesAsBefore(before, after)).toEqual([])
  })

  it('leaves nothing to do, in the state and in the configuration', async () => {
    const before = (await scenario.store.load())?.state
    await rotate()
    const after = (await scenario.store.load())?.state
    expect(after?.currentState.rkeConfig).toEqual(before?.currentState.rkeConfig)
    expect(after?.desiredState.rkeConfig).toEqual(before?.desiredState.rkeConfig)
    expect(after?.currentState.certificatesBundle).toEqual(after?.desiredState.certificatesBundle)
    expect((await scenario.plan()).steps).toEqual([])
  })

  it('restarts neither etcd nor API servers, and everything else once', async () => {
    scenario.writes()
    await rotate()
    const restarts = scenario.world.calls.filter((call) => callText(call).includes('/restart'))
    const names = restarts.map((call) => callText(call))
    expect(names.filter((text) => /etcd|kube-apiserver/.test(text))).toEqual([])
    for (const name of ['kubelet', 'kube-proxy']) {
      expect(names.filter((text) => text.includes(`/${name}/`))).toHaveLength(4)
    }
    for (const name of ['kube-controller-manager', 'kube-scheduler']) {
      expect(names.filter((text) => text.includes(`/${name}/`))).toHaveLength(3)
    }
  })

  it('restarts one component on one node at a time, each healthy before the next', async () => {
    const run = rotateCertificates(scenario.config, { ...scenario.deps, keys })
    const open = new Set<string>()
    let most = 0
    for await (const event of run) {
      if (event.type === 'started' && event.step.kind === 'container.restart') {
        open.add(`${event.step.node} ${event.step.subject}`)
      }
      if (event.type === 'done' && event.step.kind === 'service.health') {
        open.delete(`${event.step.node} ${event.step.subject}`)
      }
      most = Math.max(most, open.size)
    }
    await run.result
    expect(most).toBe(1)
  })
})

async function rotate(options: RotateOptions = {}, deps: Partial<Deps> = {}): Promise<Rotation> {
  return rotateCertificates(scenario.config, { ...scenario.deps, keys, ...deps }, options).result
}

async function bundle() {
  return (await scenario.store.load())?.state.currentState.certificatesBundle ?? {}
}

async function namesAsBefore(
  before: Awaited<ReturnType<typeof bundle>>,
  after: Awaited<ReturnType<typeof bundle>>,
): Promise<readonly string[]> {
  const shape = (pem: string): string => {
    const { subject, issuer, subjectAltName, keyUsage } = new X509Certificate(pem)
    return JSON.stringify([subject, issuer, subjectAltName, keyUsage])
  }
  return Object.keys(before).filter(
    (name) => shape(before[name]?.certificatePEM ?? '') !== shape(after[name]?.certificatePEM ?? ''),
  )
}
