import { Agent, type AgentOptions } from 'node:http'
import type { Duplex } from 'node:stream'
import { inspect } from 'node:util'
import { asSocket } from './as-socket.ts'

/** Opens a connection. `to` is what the request names; who always leads to the same place does without it. */
export type OpenStream = (
  signal: AbortSignal,
  to: { readonly host: string; readonly port: number },
) => Promise<Duplex>

/** HTTP connections over any stream. */
export class LinkAgent extends Agent {
  readonly #open: OpenStream
  readonly #failures = new WeakSet<object>()
  readonly #closed = new AbortController()

  constructor(open: OpenStream, options: AgentOptions = {}) {
    super(options)
    this.#open = open
  }

  /** Whether a request failed with this error because there was no connection: the server has not seen it. */
  failedToOpen(error: unknown): boolean {
    return typeof error === 'object' && error !== null && this.#failures.has(error)
  }

  override createConnection(
    { host, port }: { readonly host?: string | null; readonly port?: number | string | null },
    created?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    const opened = this.#open(this.#closed.signal, { host: host ?? '', port: Number(port) }).then(asSocket)
    opened.then(
      (stream) => created?.(null, stream),
      (thrown: unknown) => {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown })
        this.#failures.add(error)
        // Node's own agent calls back with the error alone.
        const failed = created as ((error: Error) => void) | undefined
        failed?.(error)
      },
    )
    return undefined
  }

  /** Closes all connections, those that are being opened, too. */
  override destroy(): void {
    this.#closed.abort()
    super.destroy()
  }

  /** docker-modem formats each request for its debug log, also when that is off; this keeps it short. */
  [inspect.custom](): string {
    return 'LinkAgent'
  }
}
