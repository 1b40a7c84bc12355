import type { ActionContext } from '../actions/action-handler.ts'
import type { HealthCheck } from '../desired/container-spec.ts'
import { DeadlineError } from '../errors.ts'
import type { ObservedNode } from '../observe/observed-node.ts'
import type { PlanInput } from '../plan/plan-input.ts'
import { runs } from '../plan/runs.ts'
import { stopsService } from '../plan/service-of.ts'
import { poll } from '../poll.ts'
import type { Time } from '../time.ts'
import { type Decision, decide, type SeenCluster } from './decide.ts'
import type { RunOptions } from './deps.ts'

const SERVER = 'kube-apiserver'

/** As long as an API server that was just started needs, on a slow machine. */
const PATIENCE_MS = 40_000

export interface ServerProbes {
  readonly probe: ActionContext['probe']
  /** Observes a node again. */
  readonly look: (address: string) => Promise<ObservedNode>
  readonly signal: AbortSignal
  /** The machine's clock by default. */
  readonly time?: Time | undefined
}

/**
 * What is to be done, as `decide` says. Where an API server is to stop, all that run are asked first whether they are well,
 * because one of those that are not comes before all others: Docker says of a server that answers nobody that it runs. One
 * that an ended run has just started is waited for. One that it has just told to stop runs for another moment, and is then
 * taken for what it is, stopped.
 */
export async function decideWithServers(
  seen: SeenCluster,
  options: RunOptions,
  probes: ServerProbes,
): Promise<Decision> {
  const decision = decide(seen, options)
  if (!decision.plan.actions.some((action) => stopsService(action, SERVER))) return decision
  const { unwell, ended } = await askServers(decision.compared, probes)
  if (unwell.size === 0 && ended.size === 0) return decision
  return decide({ ...seen, observed: new Map([...seen.observed, ...ended]), unwellServers: unwell }, options)
}

interface Asked {
  /** Addresses of nodes whose API server runs and does not say that it is well. */
  readonly unwell: ReadonlySet<string>
  /** Nodes whose API server has ended meanwhile, observed again. */
  readonly ended: ReadonlyMap<string, ObservedNode>
}

async function askServers({ nodes, observed }: PlanInput, probes: ServerProbes): Promise<Asked> {
  const asked = nodes.flatMap(({ node: { address }, containers }) => {
    const check = containers.find(({ name }) => name === SERVER)?.health
    return runs(observed.get(address), SERVER) && check !== undefined ? [{ address, check }] : []
  })
  const answers = await Promise.all(
    asked.map(async ({ address, check }) => ({ address, answer: await askServer(address, check, probes) })),
  )
  return {
    unwell: new Set(answers.flatMap(({ address, answer }) => (answer === 'unwell' ? [address] : []))),
    ended: new Map(
      answers.flatMap(({ address, answer }) => (typeof answer === 'string' ? [] : [[address, answer]])),
    ),
  }
}

/** How an API server is that ran when it was observed, or its node as it is now if the server has ended. */
type Answer = 'well' | 'unwell' | ObservedNode

async function askServer(
  address: string,
  check: HealthCheck,
  { probe, look, signal, time }: ServerProbes,
): Promise<Answer> {
  const opened = probe(address, check)
  const wait = { what: `${SERVER} to become healthy`, deadlineMs: PATIENCE_MS, signal, time }
  try {
    return await poll<Answer>(wait, async (either) => {
      const { ok, detail } = await opened.ask(either)
      if (ok) return { done: 'well' }
      const now = await look(address)
      return runs(now, SERVER) ? { waiting: detail } : { done: now }
    })
  } catch (thrown) {
    if (thrown instanceof DeadlineError) return 'unwell'
    throw thrown
  } finally {
    opened.close()
  }
}
