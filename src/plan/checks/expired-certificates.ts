import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import type { Material } from '../../desired/desired-cluster.ts'
import { CancelledError, PlanRefusedError, type RkeError, toRkeError, withDetails } from '../../errors.ts'
import { isOnNode } from '../../pki/distribution/deploy.ts'
import { endedCertificates, isSupplied, listed } from '../../pki/issue/expiry.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import type { ClusterView } from '../model/cluster-view.ts'
import { shippedBundle } from '../state/shipped-bundle.ts'

const AGAIN = 'then run the same command again'
const RENEW = `renew them with "rke cert rotate", which needs neither the API nor etcd; ${AGAIN}`
const REPLACE = `replace those of services.etcd in cluster.yml; ${AGAIN}`

/**
 * Refuses to plan where the API does not answer and certificates have ended: without others it never will, and whatever is
 * planned waits for it. Those that the user has replaced by others come with the plan.
 */
export function refuseExpired(
  { wanted, known, seen }: Pick<ClusterView, 'wanted' | 'known' | 'seen'>,
  now: Date,
): void {
  if (seen.kube !== undefined) return
  const expired = expiredIn(known.state, now, wanted.material)
  if (expired === undefined) return
  const { text, hint } = expired
  throw new PlanRefusedError(`the Kubernetes API does not answer: ${text}`, {
    step: 'plan',
    untouched: true,
    hint,
  })
}

/** A failure of what speaks to the cluster, with the certificates that have ended as its cause, if any have. */
export function becauseOfExpired(thrown: unknown, state: ClusterState, now: Date): RkeError {
  const error = toRkeError(thrown)
  const expired = error instanceof CancelledError ? undefined : expiredIn(state, now)
  if (expired === undefined) return error
  const causes = [error.why, expired.text].filter(Boolean)
  return withDetails(error, { why: causes.join('; '), hint: expired.hint })
}

/** Which certificates that the nodes have have ended when, and where, and what to do; `undefined` if none has. */
function expiredIn(
  state: ClusterState,
  now: Date,
  material?: Material,
): { readonly text: string; readonly hint: string } | undefined {
  const { rkeConfig } = state.currentState
  const shipped = shippedBundle(state) ?? {}
  const replaced = material === undefined ? new Set() : replacedByUser(state, material, now)
  const ended = endedCertificates(shipped, now).filter(({ name }) => !replaced.has(name))
  if (rkeConfig === undefined || ended.length === 0) return undefined
  const days = Map.groupBy(ended, ({ notAfter }) => notAfter.toISOString().slice(0, 10))
  const texts = [...days].map(([day, ends]) => {
    const names = ends.map(({ name }) => name)
    const have = names.length > 1 ? 'have' : 'has'
    return `${listed(names)} ${have} ended on ${day}${placesOf(names, rkeConfig)}`
  })
  const supplied = ended.filter(({ name }) => isSupplied(name)).length
  const hints = [...(supplied > 0 ? [REPLACE] : []), ...(supplied < ended.length ? [RENEW] : [])]
  return { text: texts.join('; '), hint: hints.join('; ') }
}

/**
 * Names of certificates that the user gives in the place of others, in cluster.yml or in a folder, and that have not ended. Those
 * that a rotation has begun with are none: it brings them to a cluster that is down.
 */
function replacedByUser(
  { desiredState, currentState }: ClusterState,
  { bundle, generated }: Material,
  now: Date,
): ReadonlySet<string> {
  const ended = new Set(endedCertificates(bundle, now).map(({ name }) => name))
  const names = Object.keys(bundle).filter((name) => !generated.has(name) && !ended.has(name))
  const isOther = (name: string, { certificatesBundle }: ClusterState['desiredState']): boolean =>
    bundle[name]?.certificatePEM !== certificatesBundle?.[name]?.certificatePEM
  return new Set(
    names.filter((name) => isOther(name, currentState) && (isSupplied(name) || isOther(name, desiredState))),
  )
}

function placesOf(names: readonly string[], { nodes }: ClusterConfig): string {
  const has = (node: ClusterNode): boolean => names.some((name) => isOnNode(name, node))
  const addresses = nodes.filter(has).map(({ address }) => address)
  return addresses.length === 0 ? '' : ` (${addresses.join(', ')})`
}
