import type { Catalog } from '../../catalog/catalog.ts'
import { openCatalog } from '../../catalog/open-catalog.ts'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import { withLoginsOf } from '../../config/with-logins.ts'
import { ConnectionError, RunFailedError, StateError, withDetails } from '../../errors.ts'
import { closing } from '../closing.ts'
import { type Connected, connectNodes, reachOf } from '../connect/connect-nodes.ts'
import type { Operation } from '../run/redacted-run.ts'
import { StateSession } from '../state/state-session.ts'
import { refuseUnfinished } from '../state/unfinished.ts'

/** A cluster whose certificates are changed: as it was applied last, whatever cluster.yml says by now. */
export interface CertificateTarget {
  readonly catalog: Catalog
  readonly session: StateSession
  /** The configuration that was applied last, as the state keeps it. */
  readonly applied: ClusterConfig
  /** The same with all secrets filled in; its machines are reached, and new certificates valid for as long, as cluster.yml says. */
  readonly config: ClusterConfig
  readonly connected: Connected
}

/** The same before its machines are asked. */
export type OfflineTarget = Omit<CertificateTarget, 'connected'>

/**
 * Reads the state of the cluster whose certificates are to be changed. Asks no machine.
 * @param given cluster.yml, of which only the ways to the machines and `certificates` count
 * @param recorded the request for a rotation that the state records with what is done
 * @throws StateError if there is no cluster, PlanRefusedError if a restore or a recovery of it is not done.
 */
export async function openTarget(
  given: ClusterConfig,
  { deps, fill }: Pick<Operation, 'deps' | 'fill'>,
  recorded?: ClusterConfig['rotateCertificates'],
): Promise<OfflineTarget> {
  const session = await StateSession.open(deps.store)
  const { currentState, desiredState } = session.state
  const { rkeConfig, certificatesBundle } = currentState
  if (rkeConfig === undefined || certificatesBundle === undefined) throw noCertificates()
  refuseUnfinished(session.state)
  // As RKE does, what was asked for is recorded once all nodes have it.
  const rotateCertificates = recorded ?? desiredState.rkeConfig?.rotateCertificates
  const applied = { ...rkeConfig, ...(rotateCertificates != null && { rotateCertificates }) }
  const catalog = deps.catalog ?? (await openCatalog())
  const { certificates } = given
  const now = { ...withLoginsOf(applied, given), ...(certificates && { certificates }) }
  return { catalog, session, applied, config: await fill(now) }
}

/**
 * Connects to the machines of a target, which are disconnected once `work` has ended. One that cannot be reached ends it, unless it may
 * be skipped.
 * @param without what to do where a machine will not come back
 */
export async function withMachines<T>(
  target: OfflineTarget,
  { deps, options, emit }: Pick<Operation, 'deps' | 'options' | 'emit'>,
  without: string,
  work: (target: CertificateTarget) => Promise<T>,
): Promise<T> {
  const { config } = target
  const reach = reachOf(options, deps, options.skipUnreachable ?? false)
  const connected = await connectNodes(config, config.nodes, deps.transports, emit, reach).catch(
    (thrown: unknown) => {
      throw orWithout(thrown, without)
    },
  )
  return closing(connected, () => work({ ...target, connected }))
}

/** A failure to reach machines, with another way besides their repair. */
function orWithout(thrown: unknown, without: string): unknown {
  if (!(thrown instanceof ConnectionError || thrown instanceof RunFailedError)) return thrown
  const { hint } = thrown
  return withDetails(thrown, { hint: hint === undefined ? without : `${hint}; ${without}` })
}

function noCertificates(): StateError {
  return new StateError("Failed to rotate certificates: can't find old certificates", {
    step: 'load the state',
    untouched: true,
    hint:
      'put the cluster.rkestate of the cluster beside cluster.yml, or get it back with "rke util get-state-file"; ' +
      'a cluster that was never built is built with "rke up"',
  })
}
