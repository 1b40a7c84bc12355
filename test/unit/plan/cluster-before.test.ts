import { describe, expect, it } from 'vitest'
import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import { clusterBefore, type MembersBefore } from '../../../src/plan/snapshots/cluster-before.ts'
import { catalog } from '../fixture.ts'

const cluster = (nodes: Readonly<Record<string, string>>): ClusterConfig =>
  loadConfig(
    `nodes:\n${Object.entries(nodes)
      .map(([address, roles]) => `- {address: ${address}, user: root, role: [${roles}]}\n`)
      .join('')}`,
    'cluster.yml',
    catalog,
  ).config

const ALL = 'controlplane, etcd, worker'
const applied = cluster({ '10.0.0.11': ALL, '10.0.0.12': ALL, '10.0.0.13': 'etcd' })
/** An unfinished run was replacing 12 and 13 by 14. */
const begun = cluster({ '10.0.0.11': ALL, '10.0.0.14': ALL })

/** Roles by address of the cluster that is built again. */
function rolesBefore(
  known: Partial<MembersBefore>,
  rkeConfig: ClusterConfig | undefined = begun,
): Readonly<Record<string, string>> {
  const { nodes } = clusterBefore(
    applied,
    { desiredState: rkeConfig === undefined ? {} : { rkeConfig } },
    { snapshot: 's1', withData: new Set(), unreachable: [], ...known },
  )
  return Object.fromEntries(nodes.map(({ address, role }) => [address, [...role].sort().join(', ')]))
}

const ips = (...last: readonly number[]): readonly string[] => last.map((one) => `10.0.0.${one}`)

describe('the cluster that an aborted restore goes back to', () => {
  it('is the one that was applied, where all its members have their data', () => {
    expect(rolesBefore({ withData: new Set(ips(11, 12, 13)), members: ips(11, 12, 13) })).toEqual({
      '10.0.0.11': ALL,
      '10.0.0.12': ALL,
      '10.0.0.13': 'etcd',
    })
  })

  it('has a member that was added, and none that was taken out, though its data is still there', () => {
    expect(rolesBefore({ withData: new Set(ips(11, 12, 13, 14)), members: ips(11, 13, 14) })).toEqual({
      '10.0.0.11': ALL,
      '10.0.0.12': 'controlplane, worker',
      '10.0.0.13': 'etcd',
      '10.0.0.14': ALL,
    })
  })

  it('has no member that never began, and no node that was nothing else', () => {
    expect(rolesBefore({ withData: new Set(ips(11, 12)), members: ips(11, 12, 13, 14) })).toEqual({
      '10.0.0.11': ALL,
      '10.0.0.12': ALL,
    })
  })

  it('has those with data where no member could say which there were', () => {
    expect(rolesBefore({ withData: new Set(ips(11, 14)) })).toEqual({
      '10.0.0.11': ALL,
      '10.0.0.12': 'controlplane, worker',
      '10.0.0.14': ALL,
    })
  })

  it('has only those that an unfinished run did not change, if they are a quorum with and without the others', () => {
    const smaller = cluster({ '10.0.0.11': ALL, '10.0.0.12': ALL })
    const withData = new Set(ips(11, 12, 13))
    expect(rolesBefore({ withData }, smaller)).toEqual({ '10.0.0.11': ALL, '10.0.0.12': ALL })
    expect(rolesBefore({ withData: new Set(ips(11, 13)) }, smaller)).toHaveProperty(['10.0.0.13'], 'etcd')
    expect(rolesBefore({ withData }, undefined)).toHaveProperty(['10.0.0.13'], 'etcd')
  })

  it('keeps members of machines that are left out', () => {
    expect(rolesBefore({ withData: new Set(ips(11)), unreachable: ips(13) })).toEqual({
      '10.0.0.11': ALL,
      '10.0.0.12': 'controlplane, worker',
      '10.0.0.13': 'etcd',
    })
  })

  it('is none where no data is left', () => {
    expect(() => rolesBefore({})).toThrow('no machine has data of etcd from before the restore')
  })
})
