import { EtcdError } from '../errors.ts'
import { readEtcdHealth } from '../node/containers/etcd-health.ts'
import { type EtcdApi, type EtcdMember, type EtcdStatus, HEAD_BYTES, type ValueHeads } from './etcd-api.ts'
import { EtcdRefusal, GRPC } from './etcd-failure.ts'
import { type EtcdClientOptions, EtcdGateway, type GatewayPath, VALUES_LIMIT } from './gateway.ts'

/** A client of one etcd member. */
export class EtcdClient implements EtcdApi {
  readonly #gateway: EtcdGateway

  constructor(options: EtcdClientOptions) {
    this.#gateway = new EtcdGateway(options)
  }

  async members(
    signal?: AbortSignal,
    { local = false }: { readonly local?: boolean } = {},
  ): Promise<readonly EtcdMember[]> {
    // etcd 3.4 ignores `linearizable` and answers from its own data.
    const body = { linearizable: !local }
    const reply = await this.#gateway.call<MembersReply>(
      'cluster/member/list',
      body,
      'list etcd members',
      signal,
    )
    return (reply.members ?? []).map(toMember)
  }

  async addMember(
    peerURLs: readonly string[],
    { learner = false, signal }: { readonly learner?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<EtcdMember> {
    const what = `add etcd member ${peerURLs.join(', ')}`
    const body = { peerURLs, isLearner: learner }
    const reply = await this.#gateway.call<{ member?: RawMember }>('cluster/member/add', body, what, signal)
    if (reply.member === undefined) throw this.#gateway.error('the reply names no member', { step: what })
    return toMember(reply.member)
  }

  async promoteMember(id: string, signal?: AbortSignal): Promise<void> {
    const what = `promote etcd member ${id}`
    // Members before etcd 3.4 have a vote from the beginning.
    await this.#unlessOlder(['v3beta', 'v3alpha'], 'cluster/member/promote', { ID: id }, what, signal)
  }

  async removeMember(id: string, signal?: AbortSignal): Promise<void> {
    try {
      await this.#gateway.call('cluster/member/remove', { ID: id }, `remove etcd member ${id}`, signal)
    } catch (error) {
      if (!(error instanceof EtcdRefusal && error.code === GRPC.notFound)) throw error
    }
  }

  async moveLeader(targetId: string, signal?: AbortSignal): Promise<void> {
    const what = `hand the lead over to etcd member ${targetId}`
    // Members before etcd 3.3 choose a leader themselves once it stops.
    await this.#unlessOlder(
      ['v3alpha'],
      'maintenance/transfer-leadership',
      { targetID: targetId },
      what,
      signal,
    )
  }

  async status(signal?: AbortSignal): Promise<EtcdStatus> {
    const reply = await this.#gateway.call<RawStatus>(
      'maintenance/status',
      {},
      'ask etcd for its status',
      signal,
    )
    return {
      memberId: reply.header?.member_id ?? '0',
      revision: Number(reply.header?.revision ?? 0),
      version: reply.version ?? '',
      dbSize: Number(reply.dbSize ?? 0),
      leader: reply.leader ?? '0',
      raftIndex: BigInt(reply.raftIndex ?? 0),
      raftTerm: BigInt(reply.raftTerm ?? 0),
      isLearner: reply.isLearner ?? false,
    }
  }

  async heads(
    prefix: string,
    { limit, after }: { readonly limit: number; readonly after?: string | undefined },
    signal?: AbortSignal,
  ): Promise<ValueHeads> {
    const body = {
      key: base64(after === undefined ? prefix : `${after}\0`),
      range_end: base64(endOf(prefix)),
      limit: String(limit),
    }
    const reply = await this.#gateway.call<RawRange>(
      'kv/range',
      body,
      `read ${prefix} in etcd`,
      signal,
      VALUES_LIMIT,
    )
    const heads = (reply.kvs ?? []).map(({ key = '', value = '' }) => ({
      key: Buffer.from(key, 'base64').toString(),
      head: Buffer.from(value.slice(0, HEAD_BASE64), 'base64').toString('latin1'),
    }))
    return { heads, more: reply.more ?? false }
  }

  async health(signal?: AbortSignal): Promise<{ ok: boolean; detail: string }> {
    try {
      const reply = await this.#gateway.send(
        { method: 'GET', path: '/health' },
        'ask etcd for its health',
        signal,
      )
      return readEtcdHealth(reply.status, reply.body)
    } catch (error) {
      if (error instanceof EtcdError) return { ok: false, detail: error.message }
      throw error
    }
  }

  async close(): Promise<void> {
    this.#gateway.close()
  }

  /** A request that members with one of these gateways have no need for. */
  async #unlessOlder(
    older: readonly GatewayPath[],
    path: string,
    body: object,
    what: string,
    signal?: AbortSignal,
  ): Promise<void> {
    try {
      await this.#gateway.call(path, body, what, signal)
    } catch (error) {
      if (!(error instanceof EtcdRefusal && error.code === undefined)) throw error
      // No gateway may have this path, but every one lists members.
      await this.members(signal)
      if (!older.includes(this.#gateway.path)) throw error
    }
  }
}

/** The gateway returns proto3 JSON: fields with a zero value are absent. */
interface RawMember {
  readonly ID?: string
  readonly name?: string
  readonly peerURLs?: readonly string[]
  readonly clientURLs?: readonly string[]
  readonly isLearner?: boolean
}

interface MembersReply {
  readonly members?: readonly RawMember[]
}

interface RawStatus {
  readonly header?: { readonly member_id?: string; readonly revision?: string }
  readonly version?: string
  readonly dbSize?: string
  readonly leader?: string
  readonly raftIndex?: string
  readonly raftTerm?: string
  readonly isLearner?: boolean
}

interface RawRange {
  readonly kvs?: readonly { readonly key?: string; readonly value?: string }[]
  readonly more?: boolean
}

/** As many characters as hold that many bytes. */
const HEAD_BASE64 = Math.ceil(HEAD_BYTES / 3) * 4

const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** The first key after all that begin with an ASCII text. */
const endOf = (prefix: string): string =>
  prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)

function toMember(raw: RawMember): EtcdMember {
  const { ID = '0', name = '', peerURLs = [], clientURLs = [], isLearner = false } = raw
  return { id: ID, name, peerURLs, clientURLs, isLearner }
}
