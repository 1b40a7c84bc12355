import { expect, it } from 'vitest'
import { etcdMemberRemove } from '../../../src/actions/etcd/etcd-members.ts'
import { EtcdError } from '../../../src/errors.ts'
import { FakeEtcd } from '../fakes/fake-etcd.ts'
import { bench } from './support.ts'

const ADDRESSES = ['10.0.0.1', '10.0.0.2', '10.0.0.3']

/** Three members, the last of which is taken out. */
async function removing(etcd: FakeEtcd) {
  const { context, progress } = bench(...ADDRESSES)
  await etcdMemberRemove.run(
    {
      kind: 'etcd.member.remove',
      id: 'node/10.0.0.3/etcd-member/remove',
      node: '10.0.0.3',
      hostname: 'c',
      internalAddress: '10.0.0.3',
      through: ADDRESSES,
      voters: ADDRESSES,
      because: [],
      after: [],
    },
    { ...context, etcd: (address) => etcd.at(address) },
  )
  return progress
}

function threeMembers(): FakeEtcd {
  const etcd = new FakeEtcd()
  for (const [index, address] of ADDRESSES.entries()) etcd.start(['a', 'b', 'c'][index] ?? '', address)
  return etcd
}

const changes = ({ calls }: FakeEtcd): readonly string[] => calls.filter((call) => /move|remove/.test(call))

it('lets another member lead before the one that leads is taken out', async () => {
  const etcd = threeMembers()
  const [a, , c] = etcd.members
  etcd.lead = c?.id
  await removing(etcd)
  expect(changes(etcd)).toEqual([`10.0.0.3: move leader to ${a?.id}`, `10.0.0.1: remove ${c?.id}`])
})

it('does not touch the lead of a member that stays', async () => {
  const etcd = threeMembers()
  await removing(etcd)
  expect(changes(etcd)).toEqual([expect.stringContaining('10.0.0.1: remove')])
})

it('takes out a member that leads and cannot be asked: the others elect one then', async () => {
  const etcd = threeMembers()
  etcd.lead = etcd.members[2]?.id
  etcd.before = (verb) => {
    if (verb === 'move') throw new EtcdError('no reply')
  }
  expect(await removing(etcd)).toContain('etcd-a does not lead yet: no reply')
  expect(etcd.members.map(({ name }) => name)).toEqual(['etcd-a', 'etcd-b'])
})
