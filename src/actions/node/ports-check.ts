import { ConnectionError, RkeError, RunFailedError } from '../../errors.ts'
import { Slots } from '../../node/transport/slots.ts'
import type { Route } from '../../plan/action/checks.ts'
import { realTime } from '../../time.ts'
import type { ActionContext, ActionHandler } from '../action-handler.ts'

const STEP = 'check ports between nodes'
const LIMIT_MS = 10_000
/** Ways tried at a time: with thousands at once, each would wait for the others until its limit. */
const PARALLEL = 500
/** The number of failures listed in the summary; each is also reported by itself. */
const SUMMED_UP = 3

/**
 * Dials every way from its own node. Nobody listens on a new node, so "refused" proves as much as an answer
 * that the way is open; silence and "no route" mean that something between the nodes drops the packets.
 */
export const portsCheck: ActionHandler<'ports.check'> = {
  describe: () => STEP,
  async run(action, context) {
    const slots = new Slots(PARALLEL)
    const blocked = action.routes.map((route) => slots.run(() => checkOpen(route, context)))
    const taken = action.free.map((route) => slots.run(() => checkFree(route, context)))
    const failures = (await Promise.all([...blocked, ...taken])).filter((failure) => failure !== undefined)
    const [only] = failures
    if (only !== undefined && failures.length === 1) throw only
    if (failures.length > 1) throw new RunFailedError(summary(failures), failures, { step: STEP })
  },
}

async function checkOpen(route: Route, context: ActionContext): Promise<RkeError | undefined> {
  const { from, host, port } = route
  const answer = await dial(route, context)
  if (answer === 'open' || answer === 'refused') return undefined
  return new RkeError(`cannot reach ${host} port ${port}/tcp`, {
    why: answer,
    host: from,
    step: STEP,
    hint: `allow TCP ${port} from ${from} to ${host} in every firewall between them, or run with --disable-port-check`,
  })
}

async function checkFree(route: Route, context: ActionContext): Promise<RkeError | undefined> {
  const { from, port } = route
  if ((await dial(route, context)) !== 'open') return undefined
  return new RkeError(`port ${port}/tcp is taken, but not by a container of this cluster`, {
    host: from,
    step: STEP,
    hint: `find who listens with "ss -ltnp sport = :${port}" on ${from}, and stop it`,
  })
}

async function dial({ from, host, port }: Route, context: ActionContext): Promise<string> {
  const signal = AbortSignal.any([context.signal, (context.time ?? realTime).limit(LIMIT_MS)])
  try {
    const stream = await context.node(from).dial({ host, port }, signal)
    stream.destroy()
    return 'open'
  } catch (thrown) {
    context.signal.throwIfAborted()
    if (signal.aborted) return `no answer within ${LIMIT_MS / 1000} s`
    if (thrown instanceof ConnectionError && thrown.kind === 'refused') return 'refused'
    // Only the way between nodes is judged here; a lost connection to the node itself is another matter.
    if (thrown instanceof ConnectionError && thrown.kind !== 'timed-out' && thrown.kind !== 'other')
      throw thrown
    return thrown instanceof Error ? thrown.message : String(thrown)
  }
}

function summary(failures: readonly RkeError[]): string {
  const listed = failures.slice(0, SUMMED_UP).map((failure) => `${failure.host}: ${failure.message}`)
  const more = failures.length - listed.length
  const rest = more > 0 ? `; and ${more} more` : ''
  return `${failures.length} ports are not usable: ${listed.join('; ')}${rest}`
}
