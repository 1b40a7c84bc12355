import { describe, expect, it } from 'vitest'
import { memberAt } from '../../../src/etcd/members/member-at.ts'
import { canRemove, memberNamed } from '../../../src/etcd/members/quorum.ts'
import {
  addWhenReady,
  promoteWhenReady,
  removeWhenReady,
  waitHealthy,
} from '../../../src/etcd/wait-healthy.ts'
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
  it('is found by its name, and one that has not started by its peer address', async () => {
    const etcd = clusterOf('a')
    const added = await etcd.at('10.0.0.1').addMember(['https://10.0.0.10:2380'], { learner: true })
    const members = await etcd.at('10.0.0.1').members()
    expect(memberNamed(members, 'a')?.peerURLs).toEqual(['https://10.0.0.1:2380'])
    expect(memberAt(members, '10.0.0.10')?.id).toBe(added.id)
    expect(memberAt(members, '10.0.0.100')).toBeUndefined()
  })
})

describe('waiting', () => {
  const options = { address: '10.0.0.1', deadlineMs: 2_000, firstPauseMs: 5 }

  it('ends when the member is healthy, and tells why it is not', async () => {
    const etcd = clusterOf('a')
    etcd.setHealth('a', false)
    const reasons: string[] = []
    setTimeout(() => etcd.setHealth('a', true), 20)
    await waitHealthy(etcd.at('10.0.0.1'), { ...options, onWait: (reason) => reasons.push(reason) })
    expect(reasons[0]).toBe('not healthy')
  })

  it('fails at its deadline, naming the node', async () => {
    const etcd = clusterOf('a')
    etcd.setHealth('a', false)
    await expect(waitHealthy(etcd.at('10.0.0.1'), { ...options, deadlineMs: 30 })).rejects.toMatchObject({
      name: 'DeadlineError',
      message: expect.stringContaining('etcd on 10.0.0.1 to become healthy: not healthy'),
      host: '10.0.0.1',
    })
  })

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
