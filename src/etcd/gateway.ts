import { type ErrorDetails, EtcdError, RkeError } from '../errors.ts'
import { HttpClient, HttpFailure, type HttpReply } from '../node/transport/http-client.ts'
import type { Link } from '../node/transport/link.ts'
import { secureDial } from '../node/transport/secure-dial.ts'
import type { Secret } from '../secret.ts'
import type { Time } from '../time.ts'
import { EtcdTimeoutError, refusal, replyCode } from './etcd-failure.ts'
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
export const VALUES_LIMIT: AnswerLimit = {
  ms: 30_000,
  hint: 'the line to this node is too slow for values of this size: run the command from a machine nearer to the cluster',
}
const DIAL_LIMIT_MS = 5_000

export interface AnswerLimit {
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
export type GatewayPath = (typeof GATEWAYS)[number]
/** Fields of requests that only the first of them has. Older ones have no members without a vote, and answer from their own data. */
const NEW_FIELDS: ReadonlySet<string> = new Set(['isLearner', 'linearizable'])

/** Requests to the JSON gateway (`POST /v3/…`) of one member, on its client port, dialed through its node. */
export class EtcdGateway {
  /** Where the member answers, as far as is known: the first answer says it. */
  path: GatewayPath = 'v3'
  readonly #http: HttpClient
  readonly #address: string

  constructor(options: EtcdClientOptions) {
    const { dialer, address, host, port = CLIENT_PORT, ca, cert, key, time } = options
    this.#address = address
    const server = { host, port, ca, cert, key, timeoutMs: DIAL_LIMIT_MS, time }
    this.#http = new HttpClient(host, (signal) => secureDial(dialer, { ...server, signal }), { time })
  }

  /** The reply to a request of the gateway, such as `kv/range`. Fails with an `EtcdRefusal`, or with what `send` fails with. */
  async call<T>(
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
      throw this.error('the reply is not JSON', { step: what, why: '', cause })
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
      return this.send({ method: 'POST', ...request }, what, signal, limit)
    }
    // Requests that were sent at the same moment may have found another path meanwhile.
    const used = this.path
    const first = await ask(used)
    if (used !== 'v3' || !isNoSuchPath(first)) return first
    for (const gateway of GATEWAYS.slice(1)) {
      const reply = await ask(gateway)
      if (isNoSuchPath(reply)) continue
      this.path = gateway
      return reply
    }
    return first
  }

  /** Any request. Fails with an `EtcdError`, one that got no answer in time with an `EtcdTimeoutError`. */
  async send(
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
      throw this.error('etcd does not answer', details, isTimeout ? EtcdTimeoutError : EtcdError)
    }
  }

  /** An error of this member. */
  error(what: string, details: ErrorDetails, Kind = EtcdError): EtcdError {
    const hint = 'check the log of the container etcd on this node'
    return new Kind(what, { host: this.#address, hint, ...details })
  }

  close(): void {
    this.#http.close()
  }
}

/** What is not found by the gateway itself has a gRPC code. */
function isNoSuchPath({ status, body }: HttpReply): boolean {
  return status === 404 && replyCode(body) === undefined
}
