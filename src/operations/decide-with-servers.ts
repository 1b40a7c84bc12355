import type { ActionContext } from '../actions/action-handler.ts'
import { HealthError } from '../errors.ts'
import { untilHealthy } from '../node/health.ts'
import type { PlanInput } from '../plan/plan-input.ts'
import { runs } from '../plan/runs.ts'
import { stopsService } from '../plan/service-of.ts'
import type { Time } from '../time.ts'
import { type Decision, decide, type SeenCluster } from './decide.ts'
import type { RunOptions } from './deps.ts'

const SERVER = 'kube-apiserver'

/** As long as an API server that was just started needs, on a slow machine. */
const PATIENCE_MS = 20_000

export interface ServerProbes {
  readonly probe: ActionContext['probe']
  readonly signal: AbortSignal
  /** The machine's clock by default. */
  readonly time?: Time | undefined
}

/**
 * What is to be done, as `decide` says. Where an API server is to stop, all that run are asked first whether they are well,
 * because one of those that are not comes before all others: Docker says of a server that answers nobody that it runs. One
 * that an ended run has just started is waited for.
 */
export async function decideWithServers(
  seen: SeenCluster,
  options: RunOptions,
  probes: ServerProbes,
): Promise<Decision> {
  const decision = decide(seen, options)
  if (!decision.plan.actions.some((action) => stopsService(action, SERVER))) return decision
  const unwellServers = await askServers(decision.compared, probes)
  return unwellServers.size === 0 ? decision : decide({ ...seen, unwellServers }, options)
}

/** Addresses of nodes whose API server runs and does not say that it is well. */
async function askServers(
  { nodes, observed }: PlanInput,
  { probe, signal, time }: ServerProbes,
): Promise<ReadonlySet<string>> {
  const asked = nodes.flatMap(({ node: { address }, containers }) => {
    const check = containers.find(({ name }) => name === SERVER)?.health
    return runs(observed.get(address), SERVER) && check !== undefined
      ? [{ address, opened: probe(address, check) }]
      : []
  })
  const answers = await Promise.all(
    asked.map(async ({ address, opened }) => {
      try {
        await untilHealthy(opened, { what: SERVER, deadlineMs: PATIENCE_MS, signal, time })
        return []
      } catch (thrown) {
        if (thrown instanceof HealthError) return [address]
        throw thrown
      }
    }),
  )
  return new Set(answers.flat())
}
