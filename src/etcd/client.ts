import { type ErrorDetails, EtcdError, RkeError } from '../errors.ts'
import { readEtcdHealth } from '../node/containers/etcd-health.ts'
import { HttpClient, HttpFailure, type HttpReply } from '../node/transport/http-client.ts'
import type { Link } from '../node/transport/link.ts'
import { secureDial } from '../node/transport/secure-dial.ts'
import type { Secret } from '../secret.ts'
import type { Time } from '../time.ts'
import { type EtcdApi, type EtcdMember, type EtcdStatus, HEAD_BYTES, type ValueHeads } from './etcd-api.ts'
import { EtcdRefusal, EtcdTimeoutError, GRPC, refusal, replyCode } from './etcd-failure.ts'
import { CLIENT_PORT } from './members/member-names.ts'

export interface EtcdClientOptions {
  /** The node that the member runs on. */
  readonly dialer: Pick<Link, 'dial'>
  /** The node's address in cluster.yml, for errors. */
  readonly address: string
  /** `internal_address`; the member's certificate must carry it. */
  readonly host: string
  /** Default: the client port 2379. */
  readonly port?: number
  /** PEM: the cluster's CA, and the `kube-node` certificate with its key. */
  readonly ca: string
  readonly cert: string
  readonly key: Secret<string>
  /** The machine's own by default. */
  readonly time?: Time | undefined
}

/** etcd's own timeout for quorum requests, plus a margin. */
const REQUEST_LIMIT_MS = 10_000
/** An answer with values takes as long as the line to the node needs for them. */
const VALUES_LIMIT: AnswerLimit = {
  ms: 30_000,
  hint: 'the line to this node is too slow for values of this size: run the command from a machine nearer to the cluster',
}
const DIAL_LIMIT_MS = 5_000

interface AnswerLimit {
  readonly ms: number
  /** What helps where it is exceeded. */
  readonly hint: string
}

const REQUEST_LIMIT: AnswerLimit = {
  ms: REQUEST_LIMIT_MS,
  hint: 'etcd is up but gives no answer: has it lost its quorum?',
}

/** Where members have the JSON gateway: from etcd 3.4 on, in 3.3, and before. */
const GATEWAYS = ['v3', 'v3beta', 'v3alpha'] as const
type Gateway = (typeof GATEWAYS)[number]
/** Fields of requests that only the first of them has. Older ones have no members without a vote, and answer from their own data. */
const NEW_FIELDS: ReadonlySet<string> = new Set(['isLearner', 'linearizable'])

/** A client of one etcd member: the JSON gateway (`POST /v3/…`) on its client port, dialed through its node. */
export class EtcdClient implements EtcdApi {
  #gateway: Gateway = 'v3'
  readonly #http: HttpClient
  readonly #address: string

  constructor(options: EtcdClientOptions) {
    const { dialer, address, host, port = CLIENT_PORT, ca, cert, key, time } = options
    this.#address = address
    const server = { host, port, ca, cert, key, timeoutMs: DIAL_LIMIT_MS, time }
    this.#http = new HttpClient(host, (signal) => secureDial(dialer, { ...server, signal }), { time })
  }

  async members(
    signal?: AbortSignal,
    { local = false }: { readonly local?: boolean } = {},
  ): Promise<readonly EtcdMember[]> {
    // etcd 3.4 ignores `linearizable` and answers from its own data.
    const body = { linearizable: !local }
    const reply = await this.#call<MembersReply>('cluster/member/list', body, 'list etcd members', signal)
    return (reply.members ?? []).map(toMember)
  }

  async addMember(
    peerURLs: readonly string[],
    { learner = false, signal }: { readonly learner?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<EtcdMember> {
    const what = `add etcd member ${peerURLs.join(', ')}`
    const body = { peerURLs, isLearner: learner }
    const reply = await this.#call<{ member?: RawMember }>('cluster/member/add', body, what, signal)
    if (reply.member === undefined) throw this.#error('the reply names no member', { step: what })
    return toMember(reply.member)
  }

  async promoteMember(id: string, signal?: AbortSignal): Promise<void> {
    const what = `promote etcd member ${id}`
    // Members before etcd 3.4 have a vote from the beginning.
    await this.#unlessOlder(['v3beta', 'v3alpha'], 'cluster/member/promote', { ID: id }, what, signal)
  }

  async removeMember(id: string, signal?: AbortSignal): Promise<void> {
    try {
      await this.#call('cluster/member/remove', { ID: id }, `remove etcd member ${id}`, signal)
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
    const reply = await this.#call<RawStatus>('maintenance/status', {}, 'ask etcd for its status', signal)
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
    const reply = await this.#call<RawRange>('kv/range', body, `read ${prefix} in etcd`, signal, VALUES_LIMIT)
    const heads = (reply.kvs ?? []).map(({ key = '', value = '' }) => ({
      key: Buffer.from(key, 'base64').toString(),
      head: Buffer.from(value.slice(0, HEAD_BASE64), 'base64').toString('latin1'),
    }))
    return { heads, more: reply.more ?? false }
  }

  async health(signal?: AbortSignal): Promise<{ ok: boolean; detail: string }> {
    try {
      const reply = await this.#send({ method: 'GET', path: '/health' }, 'ask etcd for its health', signal)
      return readEtcdHealth(reply.status, reply.body)
    } catch (error) {
      if (error instanceof EtcdError) return { ok: false, detail: error.message }
      throw error
    }
  }

  async close(): Promise<void> {
    this.#http.close()
  }

  /** A request that members with one of these gateways have no need for. */
  async #unlessOlder(
    older: readonly Gateway[],
    path: string,
    body: object,
    what: string,
    signal?: AbortSignal,
  ): Promise<void> {
    try {
      await this.#call(path, body, what, signal)
    } catch (error) {
      if (!(error instanceof EtcdRefusal && error.code === undefined)) throw error
      // No gateway may have this path, but every one lists members.
      await this.members(signal)
      if (!older.includes(this.#gateway)) throw error
    }
  }

  async #call<T>(
    path: string,
    body: object,
    what: string,
    signal?: AbortSignal,
    limit = REQUEST_LIMIT,
  ): Promise<T> {
    const reply = await this.#ask(path, body, what, signal, limit)
    if (reply.status !== 200) throw refusal(what, reply.status, reply.body, { host: this.#address })
    try {
      return JSON.parse(reply.body)
    } catch (cause) {
      throw this.#error('the reply is not JSON', { step: what, why: '', cause })
    }
  }

  /** The reply of the gateway that the member has, which is found by the first request. */
  async #ask(
    path: string,
    body: object,
    what: string,
    signal: AbortSignal | undefined,
    limit: AnswerLimit,
  ): Promise<HttpReply> {
    const ask = (gateway: string) => {
      const fields = Object.entries(body).filter(([field]) => gateway === 'v3' || !NEW_FIELDS.has(field))
      const request = { path: `/${gateway}/${path}`, body: JSON.stringify(Object.fromEntries(fields)) }
      return this.#send({ method: 'POST', ...request }, what, signal, limit)
    }
    const first = await ask(this.#gateway)
    if (this.#gateway !== 'v3' || !isNoSuchPath(first)) return first
    for (const gateway of GATEWAYS.slice(1)) {
      const reply = await ask(gateway)
      if (isNoSuchPath(reply)) continue
      this.#gateway = gateway
      return reply
    }
    return first
  }

  async #send(
    request: { readonly method: string; readonly path: string; readonly body?: string },
    what: string,
    signal?: AbortSignal,
    limit = REQUEST_LIMIT,
  ): Promise<HttpReply> {
    try {
      return await this.#http.request({ ...request, signal, timeoutMs: limit.ms })
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error
      const isTimeout = error.phase === 'timeout'
      const hint = error.cause instanceof RkeError ? error.cause.hint : isTimeout ? limit.hint : undefined
      const details = { step: what, why: error.message, cause: error.cause, ...(hint && { hint }) }
      throw this.#error('etcd does not answer', details, isTimeout ? EtcdTimeoutError : EtcdError)
    }
  }

  #error(what: string, details: ErrorDetails, Kind = EtcdError): EtcdError {
    const hint = 'check the log of the container etcd on this node'
    return new Kind(what, { host: this.#address, hint, ...details })
  }
}

/** What is not found by the gateway itself has a gRPC code. */
function isNoSuchPath({ status, body }: HttpReply): boolean {
  return status === 404 && replyCode(body) === undefined
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
