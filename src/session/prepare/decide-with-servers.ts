import type { ActionContext } from '../../actions/action-handler.ts'
import { HealthError } from '../../errors.ts'
import { untilHealthy } from '../../node/containers/health.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { type Decision, decide, type SeenCluster } from '../../plan/decide.ts'
import { runs } from '../../plan/model/runs.ts'
import { stopsService } from '../../plan/model/service-of.ts'
import type { PlanInput } from '../../plan/plan-input.ts'
import type { Time } from '../../time.ts'
import type { RunOptions } from '../deps.ts'

const SERVER = 'kube-apiserver'

/** As long as an API server that was just started needs, on a slow machine. */
const PATIENCE_MS = 40_000

export interface ServerProbes {
  readonly probe: ActionContext['probe']
  readonly node: ActionContext['node']
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
  const unwell = await observeUnhealthy(decision.compared, probes)
  if (unwell.length === 0) return decision
  const observed = new Map([...seen.observed, ...unwell.map((node) => [node.address, node] as const)])
  const unhealthyServers = new Set(unwell.filter((node) => runs(node, SERVER)).map(({ address }) => address))
  return decide({ ...seen, observed, unhealthyServers }, options)
}

/** Nodes whose API server ran and does not say that it is well, observed again: it may have ended meanwhile. */
async function observeUnhealthy(
  { nodes, observed }: PlanInput,
  { probe, node, look, signal, time }: ServerProbes,
): Promise<readonly ObservedNode[]> {
  const asked = nodes.flatMap(({ node: { address }, containers }) => {
    const check = containers.find(({ name }) => name === SERVER)?.health
    return runs(observed.get(address), SERVER) && check !== undefined
      ? [{ address, opened: probe(address, check) }]
      : []
  })
  const answers = await Promise.all(
    asked.map(async ({ address, opened }) => {
      const hasEnded = async (): Promise<boolean> =>
        (await node(address).docker.inspectContainer(SERVER))?.State.Running !== true
      try {
        await untilHealthy(opened, { what: SERVER, deadlineMs: PATIENCE_MS, signal, time, hasEnded })
        return []
      } catch (thrown) {
        if (thrown instanceof HealthError) return [await look(address)]
        throw thrown
      }
    }),
  )
  return answers.flat()
}
