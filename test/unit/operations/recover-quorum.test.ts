import { beforeEach, describe, expect, it } from 'vitest'
import {
  type RecoverQuorumOptions,
  type RecoverQuorumResult,
  recoverQuorum,
} from '../../../src/operations/snapshots/recover-quorum.ts'
import type { Deps } from '../../../src/session/deps.ts'
import type { SimMachine } from '../../sim/sim-machine.ts'
import { cluster } from './clusters.ts'
import { Scenario } from './support.ts'

const ALL = 'controlplane, etcd, worker'
const THREE = cluster({ 11: ALL, 12: ALL, 13: ALL })
const REPLACED = cluster({ 11: ALL, 14: ALL, 15: ALL })
const [A, B, C] = ['10.66.0.11', '10.66.0.12', '10.66.0.13']
const DATA = '/var/lib/etcd'

let scenario: Scenario

beforeEach(async () => {
  scenario = await Scenario.up(THREE, cluster({ 11: ALL, 12: ALL, 13: ALL, 14: ALL, 15: ALL }))
})

describe('two of three machines are lost for good', () => {
  beforeEach(() => {
    machine(B).powerOff()
    machine(C).powerOff()
  })

  it('etcd goes on with the one that is left, and up with two new machines makes three of it', async () => {
    const objects = kubeOn(A).size
    const result = await recover()
    expect(result.chosen).toBe(A)
    expect(members(A)).toEqual([A])
    expect(kubeOn(A).size).toBe(objects)
    const larger = scenario.with(REPLACED)
    await larger.up().result
    expect(members(A)).toEqual([A, '10.66.0.14', '10.66.0.15'])
    expect((await larger.plan()).steps).toEqual([])
  })

  it('the data of before is kept until it is discarded, which is refused while members are missing', async () => {
    await recover()
    expect(kept(A)).toEqual(['before-recover-20260101T000000Z'])
    await expect(recover({ discard: true })).rejects.toThrow(`etcd is not healthy on ${B}, ${C}`)
    scenario = scenario.with(REPLACED)
    await scenario.up().result
    expect(kept(A)).toHaveLength(1)
    await recover({ discard: true })
    expect(kept(A)).toEqual([])
  })

  it('a dry run changes nothing, and says what it found', async () => {
    scenario.writes()
    const { members: found } = await recover({ dryRun: true })
    expect(found.map(({ found }) => found)).toEqual([
      expect.objectContaining({ kind: 'etcd-data', runs: true }),
      { kind: 'etcd-data-unusable', why: 'unreachable' },
      { kind: 'etcd-data-unusable', why: 'unreachable' },
    ])
    expect(machine(A).docker.containers.map(({ name }) => name)).not.toContain('etcd-data-reader')
    expect(kept(A)).toEqual([])
  })
})

async function recover(
  options: RecoverQuorumOptions = {},
  deps: Partial<Deps> = {},
): Promise<RecoverQuorumResult> {
  return recoverQuorum(scenario.config, { ...scenario.deps, ...deps }, options).result
}

function machine(address: string): SimMachine {
  return scenario.world.machine(address)
}

function kubeOn(address: string) {
  const store = machine(address).etcd?.cluster.kube
  if (store === undefined) throw new TypeError(`etcd does not run on ${address}`)
  return store
}

/** Folders that recoveries have left in etcd's data directory. */
function kept(address: string): readonly string[] {
  const names = machine(address)
    .disk.below(DATA)
    .map((path) => path.slice(DATA.length + 1).split('/')[0] ?? '')
  return [...new Set(names)].filter((name) => name.startsWith('before-'))
}

function members(address: string): readonly string[] {
  const all = machine(address).etcd?.cluster.members ?? []
  return all.map(({ peerUrl }) => new URL(peerUrl).hostname).sort()
}
