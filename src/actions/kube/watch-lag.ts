import { DeadlineError, DockerError, RkeError } from '../../errors.ts'
import type { Node } from '../../node/node.ts'
import type { WatchLagNodes } from '../../plan/action/drain.ts'
import { poll } from '../../poll.ts'
import { realTime } from '../../time.ts'
import type { ActionContext } from '../action-handler.ts'

/**
 * How long a client of an API server that was restarted may hear nothing: client-go waits up to 30 s between tries, up
 * to twice that by chance, once for its watch and, as the new server does not know where that was, once more to list.
 * The waits grow with each restart within two minutes; after a single one it is some 20 s.
 */
const WATCH_LAG_MS = 120_000
/**
 * Watches that an API server ends, as it may when a member of etcd stops, are begun again at once, but by clients that
 * remember failures: these wait as if that were another one, once. They do for two minutes after the last failure.
 */
const SECOND_WATCH_LAG_MS = 60_000
const MEMORY_MS = WATCH_LAG_MS + 120_000
/** A request under way while a member of etcd stops may get no answer until etcd gives it up: 5 s and two elections. */
const LOST_REQUEST_MS = 15_000

/** Clients of API servers, and what they must have listed to take evicted pods out of Services. */
const LISTS = {
  'kube-proxy': ['EndpointSlice'],
  'kube-controller-manager': ['Pod', 'Service', 'EndpointSlice'],
} as const
type Client = keyof typeof LISTS

const SERVER = 'kube-apiserver'
const NAMES = ['etcd', SERVER, ...(Object.keys(LISTS) as Client[])] as const

/** A node and when it was observed. */
interface View {
  readonly node: Node
  /** Of the machine. */
  readonly hostname: string
  /** By the machine's clock: milliseconds since 1970. */
  readonly now: number
  /** For how many milliseconds each of these has been running; one that does not run is not there. */
  readonly ages: ReadonlyMap<(typeof NAMES)[number], number>
}

/** Something to wait for, for so many milliseconds at most. */
interface Lag {
  readonly what: string
  readonly forMs: number
  readonly isOver: () => Promise<boolean>
}

/**
 * Waits for the watch lag of the components that take evicted pods out of Services: after an API server restart under
 * kube-proxy or the leading controller manager, until these watch again, as their logs show, or for two minutes after
 * its start. Components that started later have no lag, and those that reach several API servers, including those of
 * leaving nodes, reconnect to another one immediately.
 *
 * @param leader Who holds the lease of the controller managers: the name of its machine and a UUID.
 */
export async function waitForWatchLag(
  { servers, others, singleServer }: WatchLagNodes,
  context: ActionContext,
  leader: string | undefined,
): Promise<void> {
  const { signal, progress, time = realTime } = context
  const views = await observe(context, servers)
  const only = singleServer ? views[0]?.ages.get(SERVER) : undefined
  const isClient = only !== undefined && only < MEMORY_MS
  const otherViews = await observe(
    context,
    others.filter(({ etcd }) => isClient || etcd).map(({ address }) => address),
  )
  const newestMember = Math.min(
    ...[...views, ...otherViews].map(({ ages }) => ages.get('etcd') ?? Number.POSITIVE_INFINITY),
  )
  const found = [
    ...views.flatMap((view) => lagsOn(view, { server: view.ages.get(SERVER), etcd: newestMember }, leader)),
    ...otherViews.flatMap((view) => lagsOn(view, { server: only, etcd: newestMember }, undefined)),
    lostRequests(LOST_REQUEST_MS - newestMember),
  ].filter(({ forMs }) => forMs > 0)
  await Promise.all(
    found.map(async ({ what, forMs, isOver }) => {
      const options = { what, deadlineMs: forMs, signal, time, onWait: progress, maxPauseMs: 3000 }
      try {
        await poll(options, async () =>
          (await isOver()) ? { done: true } : { waiting: `waiting for ${what}` },
        )
      } catch (error) {
        // By then it has tried again.
        if (!(error instanceof DeadlineError)) throw error
      }
    }),
  )
}

/** Nodes as they are now; those that are left out of the run, as they cannot be reached, are not there. */
async function observe(
  { node: connected }: ActionContext,
  addresses: readonly string[],
): Promise<readonly View[]> {
  const views = await Promise.all(
    addresses.map(async (address) => {
      try {
        return [await viewOf(connected(address))]
      } catch (error) {
        if (error instanceof RkeError) return []
        throw error
      }
    }),
  )
  return views.flat()
}

async function viewOf(node: Node): Promise<View> {
  const [{ Name: hostname, SystemTime }, ...containers] = await Promise.all([
    node.docker.info(),
    ...NAMES.map((name) => node.docker.inspectContainer(name)),
  ])
  const now = Date.parse(SystemTime)
  const ages = NAMES.flatMap((name, index) => {
    const state = containers[index]?.State
    return state?.Running ? [[name, now - Date.parse(state.StartedAt)] as const] : []
  })
  return { node, hostname, now, ages: new Map(ages) }
}

/** How many milliseconds ago an API server was started, and the member of etcd that was started last. */
interface Started {
  readonly server: number | undefined
  readonly etcd: number
}

/** What is to be waited for on a node whose clients ask that API server. */
function lagsOn(view: View, { server, etcd }: Started, leader: string | undefined): readonly Lag[] {
  const { node, hostname, now, ages } = view
  const lagOf = (name: Client): readonly Lag[] => {
    const age = ages.get(name)
    if (server === undefined || age === undefined || age <= server) return []
    const what = `${name} on ${node.address} to listen to its API server again`
    const since = (ago: number, limit: number): Lag => ({
      what,
      forMs: limit - ago,
      isOver: () => hasListed(node, name, now - ago),
    })
    const isRemembered = etcd < server && server - etcd < MEMORY_MS
    return [since(server, WATCH_LAG_MS), ...(isRemembered ? [since(etcd, SECOND_WATCH_LAG_MS)] : [])]
  }
  return [
    ...lagOf('kube-proxy'),
    ...(leader?.startsWith(`${hostname}_`) ? lagOf('kube-controller-manager') : []),
  ]
}

function lostRequests(forMs: number): Lag {
  const what = 'requests that were under way when a member of etcd stopped'
  return { what, forMs, isOver: () => Promise.resolve(false) }
}

/** Whether a client-go program says so in its log since then, which it does by default of RKE (`v: 2`). */
async function hasListed({ docker }: Node, name: Client, since: number): Promise<boolean> {
  try {
    const { stdout, stderr } = await docker.logs(name, { since: Math.floor(since / 1000) })
    const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.includes('Caches populated'))
    return LISTS[name].every((kind) => lines.some((line) => new RegExp(`\\*v\\d\\.${kind}\\b`).test(line)))
  } catch (error) {
    // Some of Docker's log drivers cannot be read.
    if (error instanceof DockerError) return false
    throw error
  }
}
