import { describe, expect, it } from 'vitest'
import { addWhenReady, promoteWhenReady, removeWhenReady } from '../../../src/etcd/change-members.ts'
import { memberAt, memberOf } from '../../../src/etcd/members/find-member.ts'
import { canRemove } from '../../../src/etcd/members/quorum.ts'
import { FakeEtcd } from '../fakes/fake-etcd.ts'

function clusterOf(...names: string[]): FakeEtcd {
  const etcd = new FakeEtcd()
  names.forEach((name, index) => {
    etcd.start(name, `10.0.0.${index + 1}`)
  })
  return etcd
}

function removable(etcd: FakeEtcd, name: string): boolean {
  const leaving = etcd.members.find((member) => member.name === `etcd-${name}`)
  const healthy = new Set(etcd.members.filter((member) => member.healthy).map(({ id }) => id))
  return leaving !== undefined && canRemove(etcd.members, leaving, healthy)
}

describe('a member may be removed', () => {
  it('if the healthy voters that stay are a quorum of those that stay', () => {
    const etcd = clusterOf('a', 'b', 'c')
    expect(removable(etcd, 'c')).toBe(true)
    etcd.setHealth('c', false)
    expect(removable(etcd, 'c')).toBe(true)
    expect(removable(etcd, 'b')).toBe(false)
  })

  it('never if it is the last one', () => {
    expect(removable(clusterOf('a'), 'a')).toBe(false)
  })

  it('always if it is a learner', () => {
    const etcd = clusterOf('a', 'b')
    etcd.start('c', '10.0.0.3', { isLearner: true, healthy: false })
    etcd.setHealth('b', false)
    expect(removable(etcd, 'c')).toBe(true)
  })
})

describe('the member of a node', () => {
  const node = { hostnameOverride: 'a', internalAddress: '10.0.0.10' }

  it('is found by its name, whatever its peer URL', async () => {
    const members = await clusterOf('a').at('10.0.0.1').members()
    expect(memberOf(members, node)?.peerURLs).toEqual(['https://10.0.0.1:2380'])
  })

  it('is found by its peer URL as long as it has not started', async () => {
    const etcd = clusterOf('b').at('10.0.0.1')
    const added = await etcd.addMember(['https://10.0.0.10:2380'], { learner: true })
    const members = await etcd.members()
    expect(memberOf(members, node)?.id).toBe(added.id)
    expect(memberAt(members, '10.0.0.10')?.id).toBe(added.id)
    expect(memberAt(members, '10.0.0.100')).toBeUndefined()
  })

  it('is none at its peer URL that has the name of another node', async () => {
    const members = await clusterOf('b').at('10.0.0.1').members()
    expect(memberOf(members, { ...node, internalAddress: '10.0.0.1' })).toBeUndefined()
  })
})

describe('a change of members', () => {
  const options = { address: '10.0.0.1', deadlineMs: 2_000, firstPauseMs: 5 }

  it('promotes a learner once it has caught up', async () => {
    const etcd = clusterOf('a')
    const { id } = await etcd.at('10.0.0.1').addMember(['https://10.0.0.2:2380'], { learner: true })
    etcd.behind = 3
    await promoteWhenReady(etcd.at('10.0.0.1'), id, options)
    expect(etcd.members[1]?.isLearner).toBe(false)
    expect(etcd.calls.filter((call) => call.includes('promote'))).toHaveLength(4)
  })

  it('changes the membership as soon as etcd allows it', async () => {
    const etcd = clusterOf('a', 'b', 'c')
    etcd.unsettled = 2
    const added = await addWhenReady(etcd.at('10.0.0.1'), ['https://10.0.0.4:2380'], {
      ...options,
      learner: true,
    })
    etcd.unsettled = 2
    await removeWhenReady(etcd.at('10.0.0.1'), added.id, options)
    expect(etcd.calls).toHaveLength(6)
    expect(etcd.members).toHaveLength(3)
  })

  it('gives up a learner for any other refusal', async () => {
    const etcd = clusterOf('a')
    await expect(promoteWhenReady(etcd.at('10.0.0.1'), '42', options)).rejects.toThrow('member not found')
  })
})
