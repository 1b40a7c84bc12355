import { describe, expect, it } from 'vitest'
import type { ClusterNode } from '../../../src/config/cluster-config.ts'
import { desiredInput } from '../../../src/desired/desired-cluster.ts'
import type { EtcdMember } from '../../../src/etcd/etcd-api.ts'
import type { ObservedMember } from '../../../src/observe/observe-member.ts'
import { chooseMember } from '../../../src/plan/snapshots/recover/choose-member.ts'
import { memberFindings } from '../../../src/plan/snapshots/recover/member-findings.ts'
import type { RecoverView } from '../../../src/plan/snapshots/recover/recover-view.ts'
import { catalog } from '../fixture.ts'
import { cluster } from '../operations/clusters.ts'
import { configOf } from '../operations/support.ts'

const ETCD = 'controlplane, etcd, worker'
const config = configOf(cluster({ 11: ETCD, 12: ETCD, 13: ETCD, 14: ETCD, 15: ETCD }))
const [A, B] = ['10.66.0.11', '10.66.0.12']
const ALL: readonly EtcdMember[] = config.nodes.map((node, index) => memberOf(node, index))

describe('the data that etcd goes on with', () => {
  it('is that with the highest raft index, whatever the terms are', () => {
    expect(chosen({ 11: runs(900, 7), 12: runs(1000, 3) })).toBe(B)
  })

  it('is that with the highest revision where one does not say its index', () => {
    expect(chosen({ 11: runs(900, 3, 500), 12: stopped(400) })).toBe(A)
    expect(chosen({ 11: runs(900, 3, 500), 12: stopped(501) })).toBe(B)
  })

  it('is that of the first node of cluster.yml if there are equal ones', () => {
    expect(chosen({ 12: stopped(400), 11: stopped(400) })).toBe(A)
  })

  it('is that of the node that is given, by its address or its name', () => {
    expect(chosen({ 11: stopped(400), 12: stopped(300) }, { from: B })).toBe(B)
  })

  it('stays that of an interrupted run', () => {
    expect(chosen({ 11: stopped(400), 12: { ...stopped(300), data: data(300, { aside: true }) } })).toBe(B)
  })
})

describe('data that is not used, however new it is', () => {
  it('is that of a member which the others know as removed', () => {
    const members = ALL.filter((_, index) => index !== 1)
    expect(chosen({ 11: runs(900, 3, 500, { members }), 12: stopped(9000) })).toBe(A)
  })

  it('is that of a member whose log says that it was removed', () => {
    expect(chosen({ 11: stopped(400), 12: { ...stopped(9000), removed: true } })).toBe(A)
  })

  it('is that of a learner, which etcd can make no cluster of', () => {
    const members = ALL.map((member, index) => ({ ...member, isLearner: index === 1 }))
    expect(chosen({ 11: runs(900, 3, 500, { members }), 12: stopped(9000) })).toBe(A)
  })

  it('is damaged', () => {
    expect(chosen({ 11: stopped(400), 12: { ...stopped(9000), data: data(9000, { damage: 'torn' }) } })).toBe(
      A,
    )
  })
})

describe('no data is chosen', () => {
  it('where enough members have theirs to be a quorum', () => {
    expect(() => chosen({ 11: stopped(1), 12: stopped(2), 13: stopped(3) })).toThrow(
      '3 of 5 etcd members have their data',
    )
    expect(chosen({ 11: stopped(1), 12: stopped(2), 13: stopped(3) }, { from: A })).toBe(A)
  })

  it('where the revision of one of several could not be read, unless one is given', () => {
    const unread = { ...stopped(0), data: { ...data(0), revision: undefined } }
    const members = { 11: unread, 12: stopped(2) }
    expect(() => chosen(members)).toThrow(`the revision could not be read on ${A}`)
    expect(chosen(members, { from: A })).toBe(A)
    expect(chosen({ 11: unread })).toBe(A)
  })

  it('where none is left', () => {
    expect(() => chosen({})).toThrow(`${A}: it cannot be reached; ${B}: it cannot be reached`)
  })
})

/** Address of the node that is chosen, of members by the last part of their addresses. */
function chosen(found: Readonly<Record<number, ObservedMember>>, options: Partial<RecoverView> = {}): string {
  const members = new Map(Object.entries(found).map(([last, member]) => [`10.66.0.${last}`, member]))
  const view: RecoverView = {
    config,
    input: desiredInput(config, catalog, false),
    etcdNodes: config.nodes,
    known: config.nodes.length,
    machines: new Map(),
    members,
    from: undefined,
    ...options,
  }
  return chooseMember(view, memberFindings(view)).node.address
}

const data = (revision: number, rest: Partial<ObservedMember['data']> = {}): ObservedMember['data'] => ({
  size: 1024,
  free: 1024 ** 3,
  revision,
  damage: undefined,
  aside: false,
  kept: [],
  beforeRestore: undefined,
  moving: false,
  ...rest,
})

const stopped = (revision: number): ObservedMember => ({
  answer: undefined,
  removed: false,
  data: data(revision),
})

function runs(
  index: number,
  term: number,
  revision = index,
  { members = ALL }: { readonly members?: readonly EtcdMember[] } = {},
): ObservedMember {
  const status = {
    memberId: '1',
    revision,
    version: '3.5.15',
    dbSize: 1024,
    leader: '0',
    raftIndex: BigInt(index),
    raftTerm: BigInt(term),
    isLearner: false,
  }
  return { answer: { status, members, healthy: false }, removed: false, data: data(0) }
}

function memberOf({ internalAddress, hostnameOverride }: ClusterNode, index: number): EtcdMember {
  return {
    id: `${index}`,
    name: `etcd-${hostnameOverride}`,
    peerURLs: [`https://${internalAddress}:2380`],
    clientURLs: [],
    isLearner: false,
  }
}
