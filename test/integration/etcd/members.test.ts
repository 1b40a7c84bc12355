import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addWhenReady, promoteWhenReady, removeWhenReady } from '../../../src/etcd/change-members.ts'
import { EtcdClient } from '../../../src/etcd/client.ts'
import type { EtcdMember } from '../../../src/etcd/etcd-api.ts'
import { memberAt, memberOf } from '../../../src/etcd/members/find-member.ts'
import { canRemove } from '../../../src/etcd/members/quorum.ts'
import { DirectDialer } from '../../unit/fakes/test-server.ts'
import { CertificateFiles } from '../support/certificate-files.ts'
import type { Component } from '../support/component.ts'
import { startEtcdMember, untilHealthy } from '../support/etcd-member.ts'
import { ownAddress } from '../support/loopback.ts'

const [A, B] = [ownAddress(1), ownAddress(2)]
const members: Component[] = []
const clients: EtcdClient[] = []
let certificates: CertificateFiles

beforeAll(async () => {
  certificates = await CertificateFiles.create([A, B])
  members.push(await startEtcdMember({ address: A, certificates }))
})

afterAll(async () => {
  await Promise.all([
    ...members.map((member) => member[Symbol.asyncDispose]()),
    ...clients.map((c) => c.close()),
  ])
  certificates[Symbol.dispose]()
})

function clientOf(host: string, name = 'kube-node'): EtcdClient {
  const client = new EtcdClient({
    dialer: new DirectDialer(),
    address: host,
    host,
    ...certificates.credentials(name),
  })
  clients.push(client)
  return client
}

describe('one real etcd member', () => {
  it('is waited for, and reports its version and leader', async () => {
    const etcd = clientOf(A)
    await untilHealthy(etcd, 90_000)
    const { version, leader, memberId, raftIndex } = await etcd.status()
    expect(version).toBe('3.5.15')
    expect(leader).toBe(memberId)
    expect(raftIndex).toBeGreaterThan(0n)
  })

  it('is refused if its certificate does not carry the address', async () => {
    const { ca, cert, key } = certificates.credentials('kube-node')
    const etcd = new EtcdClient({
      dialer: new DirectDialer(),
      address: A,
      host: ownAddress(9),
      ca,
      cert,
      key,
    })
    expect(await etcd.health()).toMatchObject({ ok: false })
    await etcd.close()
  })

  it('refuses a client without a certificate of the cluster', async () => {
    const other = await CertificateFiles.create([A])
    const { ca } = certificates.credentials('kube-node')
    const { cert, key } = other.credentials('kube-node')
    const etcd = new EtcdClient({ dialer: new DirectDialer(), address: A, host: A, ca, cert, key })
    await expect(etcd.members()).rejects.toMatchObject({ name: 'EtcdError', host: A })
    await etcd.close()
    other[Symbol.dispose]()
  })
})

describe('a member that joins a real cluster', () => {
  let added: EtcdMember

  it('is a learner at first, and cannot be promoted before it has started', async () => {
    const etcd = clientOf(A)
    const options = { address: B, deadlineMs: 30_000 }
    added = await addWhenReady(etcd, [`https://${B}:2380`], { ...options, learner: true })
    const seen = await etcd.members()
    expect(memberAt(seen, B)).toMatchObject({ id: added.id, name: '', isLearner: true })
    await expect(etcd.promoteMember(added.id)).rejects.toMatchObject({ name: 'LearnerBehindError' })
    const again = etcd.addMember([`https://${B}:2380`], { learner: true })
    await expect(again).rejects.toMatchObject({ name: 'EtcdRefusal' })
  })

  it('gets its vote once it has caught up, and is healthy', async () => {
    members.push(await startEtcdMember({ address: B, certificates, cluster: [A, B], joining: true }))
    const etcd = clientOf(A)
    await promoteWhenReady(etcd, added.id, { address: B, deadlineMs: 30_000 })
    await untilHealthy(clientOf(B), 30_000)
    const seen = await clientOf(B).members()
    expect(memberOf(seen, { hostnameOverride: B, internalAddress: '' })).toMatchObject({
      id: added.id,
      isLearner: false,
    })
    expect(seen).toHaveLength(2)
  })

  it('takes the quorum with it when it stops: health says so, and membership cannot be changed', async () => {
    await members[1]?.stop()
    const etcd = clientOf(A)
    expect(await etcd.health()).toMatchObject({ ok: false })
    await expect(etcd.members()).rejects.toMatchObject({ hint: expect.stringContaining('quorum') })
    expect(await etcd.members(undefined, { local: true })).toHaveLength(2)
    await members[1]?.start()
    await untilHealthy(etcd, 30_000)
  })

  it('leads, and hands the lead over to another one', async () => {
    const [first, second] = [clientOf(A), clientOf(B)]
    const { memberId, leader } = await first.status()
    if (leader === memberId) await first.moveLeader(added.id)
    expect((await second.status()).leader).toBe(added.id)
    await expect(first.moveLeader(added.id)).rejects.toMatchObject({ name: 'EtcdRefusal' })
    await second.moveLeader(memberId)
    expect((await first.status()).leader).toBe(memberId)
  })

  // It does not lead: the one that stays would have to notice first that nobody does.
  it('is removed, and removing it again is no error', async () => {
    const etcd = clientOf(A)
    const seen = await etcd.members()
    expect(canRemove(seen, added, new Set(seen.map(({ id }) => id)))).toBe(true)
    // It has just come back, so etcd refuses for some seconds.
    await removeWhenReady(etcd, added.id, { address: B, deadlineMs: 30_000 })
    await etcd.removeMember(added.id)
    expect((await etcd.members()).map(({ name }) => name)).toEqual([`etcd-${A}`])
  })
})
