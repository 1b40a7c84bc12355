import { beforeAll, describe, expect, it } from 'vitest'
import { EtcdError } from '../../../src/errors.ts'
import { EtcdClient } from '../../../src/etcd/client.ts'
import { LearnerBehindError } from '../../../src/etcd/etcd-failure.ts'
import { type Answer, DirectDialer, json, TestServer } from '../fakes/test-server.ts'
import { TestAuthority, type TestCertificate } from '../fakes/test-tls.ts'

let authority: TestAuthority
let identity: TestCertificate
let kubeNode: TestCertificate

beforeAll(async () => {
  authority = await TestAuthority.create()
  identity = await authority.server(['localhost'], ['127.0.0.1'])
  kubeNode = await authority.client('system:node', 'system:nodes')
})

/** A client of whoever listens there, which trusts the cluster's authority only. */
function clientOf({ port }: TestServer): EtcdClient {
  const dialer = new DirectDialer()
  return new EtcdClient({
    dialer,
    address: '203.0.113.1',
    host: '127.0.0.1',
    port,
    ca: authority.ca,
    ...kubeNode,
  })
}

async function withEtcd(
  answer: Answer,
  use: (etcd: EtcdClient, server: TestServer) => Promise<void>,
): Promise<void> {
  await using server = await TestServer.start(answer, { ca: authority.ca, identity })
  const etcd = clientOf(server)
  try {
    await use(etcd, server)
  } finally {
    await etcd.close()
  }
}

const learner = { ID: '13803658152347727308', peerURLs: ['https://10.0.0.3:2380'], isLearner: true }
const voter = {
  ID: '9372538179322589801',
  name: 'etcd-a',
  peerURLs: ['https://10.0.0.1:2380'],
  clientURLs: ['https://10.0.0.1:2379'],
}

describe('etcd members', () => {
  it('are listed with their ids in full, started or not', () =>
    withEtcd(
      (_asked, reply) => json(reply, { header: {}, members: [voter, learner] }),
      async (etcd, server) => {
        expect(await etcd.members()).toEqual([
          {
            id: '9372538179322589801',
            name: 'etcd-a',
            peerURLs: voter.peerURLs,
            clientURLs: voter.clientURLs,
            isLearner: false,
          },
          {
            id: '13803658152347727308',
            name: '',
            peerURLs: learner.peerURLs,
            clientURLs: [],
            isLearner: true,
          },
        ])
        expect(server.asked[0]).toMatchObject({
          method: 'POST',
          url: '/v3/cluster/member/list',
          client: 'system:node',
        })
      },
    ))

  it('are added as learners, promoted and removed', () =>
    withEtcd(
      (_asked, reply) => json(reply, { header: {}, member: learner }),
      async (etcd, server) => {
        const added = await etcd.addMember(['https://10.0.0.3:2380'], { learner: true })
        expect(added.id).toBe('13803658152347727308')
        await etcd.promoteMember(added.id)
        await etcd.removeMember(added.id)
        expect(server.asked.map(({ url, body }) => [url, JSON.parse(body)])).toEqual([
          ['/v3/cluster/member/add', { peerURLs: ['https://10.0.0.3:2380'], isLearner: true }],
          ['/v3/cluster/member/promote', { ID: '13803658152347727308' }],
          ['/v3/cluster/member/remove', { ID: '13803658152347727308' }],
        ])
        expect(server.connections).toBe(1)
      },
    ))

  it('hand over the lead', () =>
    withEtcd(
      (_asked, reply) => json(reply, { header: {} }),
      async (etcd, server) => {
        await etcd.moveLeader('13803658152347727308')
        expect(server.asked.map(({ url, body }) => [url, JSON.parse(body)])).toEqual([
          ['/v3/maintenance/transfer-leadership', { targetID: '13803658152347727308' }],
        ])
      },
    ))

  it('that are not there count as removed', () =>
    withEtcd(
      (_asked, reply) => json(reply, { error: 'etcdserver: member not found', code: 5 }, 404),
      async (etcd) => expect(await etcd.removeMember('1')).toBeUndefined(),
    ))
})

describe('a refusal', () => {
  const refused = (message: string, code: number) => (reply: Parameters<Answer>[1]) =>
    json(reply, { error: message, message, code }, 400)

  it('of a learner that is behind is told apart', () =>
    withEtcd(
      (_asked, reply) =>
        refused('etcdserver: can only promote a learner member which is in sync with leader', 9)(reply),
      async (etcd) =>
        expect(await etcd.promoteMember('1').catch((e: unknown) => e)).toBeInstanceOf(LearnerBehindError),
    ))

  it('says what was asked, of which node, etcd’s words and what to do', () =>
    withEtcd(
      (_asked, reply) => refused('etcdserver: unhealthy cluster', 14)(reply),
      async (etcd) => {
        expect(await etcd.addMember(['https://x:2380']).catch((e: unknown) => e)).toMatchObject({
          message: 'etcd refused it: etcdserver: unhealthy cluster',
          host: '203.0.113.1',
          hint: expect.stringContaining('started and healthy'),
          code: 14,
        })
      },
    ))

  it('by a member of another cluster, whose CA is not ours, is an EtcdError', async () => {
    const other = await TestAuthority.create('other')
    const impostor = await other.server([], ['127.0.0.1'])
    await using server = await TestServer.start((_asked, reply) => json(reply, {}), {
      ca: other.ca,
      identity: impostor,
    })
    const etcd = clientOf(server)
    await expect(etcd.members()).rejects.toBeInstanceOf(EtcdError)
    expect(await etcd.health()).toMatchObject({ ok: false })
    expect(server.asked).toEqual([])
    await etcd.close()
  })
})

describe('status and health', () => {
  it('give numbers that do not lose digits', () =>
    withEtcd(
      (_asked, reply) =>
        json(reply, {
          header: { member_id: '9372538179322589801', revision: '4711' },
          version: '3.5.15',
          dbSize: '20480',
          leader: '9372538179322589801',
          raftIndex: '9007199254740993',
          raftTerm: '2',
        }),
      async (etcd) =>
        expect(await etcd.status()).toEqual({
          memberId: '9372538179322589801',
          revision: 4711,
          version: '3.5.15',
          dbSize: 20480,
          leader: '9372538179322589801',
          raftIndex: 9007199254740993n,
          raftTerm: 2n,
          isLearner: false,
        }),
    ))

  it('an unhealthy member is an answer, not an error', () =>
    withEtcd(
      (_asked, reply) => json(reply, { health: 'false', reason: 'RAFT NO LEADER' }, 503),
      async (etcd) =>
        expect(await etcd.health()).toEqual({
          ok: false,
          detail: 'etcd says it is not healthy: RAFT NO LEADER',
        }),
    ))
})

describe('a member of an older etcd', () => {
  const older = (gateway: string, asked: string[]): Answer => {
    return ({ url, body }, reply) => {
      asked.push(`${url} ${body}`)
      if (!url.startsWith(`/${gateway}/`) || url.endsWith('/promote')) {
        reply.writeHead(404).end('404 page not found')
        return
      }
      json(reply, { members: [voter], member: voter })
    }
  }

  it.each(['v3beta', 'v3alpha'])(
    'is asked where it answers, %s, without fields that it does not know',
    (gateway) => {
      const asked: string[] = []
      return withEtcd(older(gateway, asked), async (etcd) => {
        expect((await etcd.members()).map(({ name }) => name)).toEqual(['etcd-a'])
        asked.splice(0)
        await etcd.addMember(['https://10.0.0.3:2380'], { learner: true })
        expect(asked).toEqual([`/${gateway}/cluster/member/add {"peerURLs":["https://10.0.0.3:2380"]}`])
      })
    },
  )

  it('is asked by all requests that begin at the same moment', () =>
    withEtcd(older('v3beta', []), async (etcd) => {
      const answers = await Promise.all([etcd.members(), etcd.members(), etcd.members()])
      expect(answers.map((members) => members.length)).toEqual([1, 1, 1])
    }))

  it('has a vote already when it is to be promoted', () =>
    withEtcd(older('v3beta', []), async (etcd) => {
      await etcd.promoteMember(voter.ID)
    }))

  it('is not taken for one where etcd itself does not find what it is asked for', () =>
    withEtcd(
      (_asked, reply) => json(reply, { error: 'etcdserver: member not found', code: 5 }, 404),
      async (etcd, server) => {
        await expect(etcd.promoteMember('1')).rejects.toThrow('member not found')
        expect(server.asked.map(({ url }) => url)).toEqual(['/v3/cluster/member/promote'])
      },
    ))
})
