import type { ActionContext } from '../../actions/action-handler.ts'
import { HealthError } from '../../errors.ts'
import { untilHealthy } from '../../node/containers/health.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { type Decision, decide } from '../../plan/decide.ts'
import type { ClusterView } from '../../plan/model/cluster-view.ts'
import type { PlanBasis } from '../../plan/model/plan-basis.ts'
import { runs } from '../../plan/model/runs.ts'
import { stopsService } from '../../plan/model/service-of.ts'
import type { Time } from '../../time.ts'

const SERVER = 'kube-apiserver'

/** As long as an API server that was just started needs, on a slow machine. */
const PATIENCE_MS = 40_000

export interface ServerProbes {
  readonly probe: ActionContext['probe']
  readonly node: ActionContext['node']
  /** Observes a node again. */
  readonly observe: (address: string) => Promise<ObservedNode>
  readonly signal: AbortSignal
  /** The machine's clock by default. */
  readonly time?: Time | undefined
}

/**
 * What is to be done, as `decide` says. Where an API server is to stop, all that run are asked first whether they are healthy,
 * because one of those that are not comes before all others: Docker reports a server that answers nobody as running. One
 * that an ended run has just started is waited for. One that was just stopped runs for another moment, and then counts
 * as stopped.
 */
export async function decideWithServers(view: ClusterView, probes: ServerProbes): Promise<Decision> {
  const decision = decide(view)
  if (!decision.plan.actions.some((action) => stopsService(action, SERVER))) return decision
  const unhealthy = await observeUnhealthy(decision.basis, probes)
  if (unhealthy.length === 0) return decision
  const machines = new Map([...view.seen.machines, ...unhealthy.map((node) => [node.address, node] as const)])
  const unhealthyServers = new Set(
    unhealthy.filter((node) => runs(node, SERVER)).map(({ address }) => address),
  )
  return decide({ ...view, seen: { ...view.seen, machines, unhealthyServers } })
}

/** Nodes whose API server ran and is not healthy, observed again: it may have ended meanwhile. */
async function observeUnhealthy(
  { nodes, seen: { machines } }: PlanBasis,
  { probe, node, observe, signal, time }: ServerProbes,
): Promise<readonly ObservedNode[]> {
  const asked = nodes.flatMap(({ node: { address }, containers }) => {
    const check = containers.find(({ name }) => name === SERVER)?.health
    return runs(machines.get(address), SERVER) && check !== undefined
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
        if (thrown instanceof HealthError) return [await observe(address)]
        throw thrown
      }
    }),
  )
  return answers.flat()
}
