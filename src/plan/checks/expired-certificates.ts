import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import { CancelledError, PlanRefusedError, type RkeError, toRkeError } from '../../errors.ts'
import { isOnNode } from '../../pki/distribution/deploy.ts'
import { endedCertificates, listed } from '../../pki/issue/expiry.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import type { ClusterView } from '../model/cluster-view.ts'
import { shippedBundle } from '../state/shipped-bundle.ts'

const HINT =
  'renew them with "rke cert rotate", which needs neither the API nor etcd; then run the same command again'

/**
 * Refuses to plan where the API does not answer and certificates have ended: without others it never will, and whatever is
 * planned waits for it.
 */
export function refuseExpired({ known, seen }: Pick<ClusterView, 'known' | 'seen'>, now: Date): void {
  if (seen.kube !== undefined) return
  const expired = expiredText(known.state, now)
  if (expired === undefined) return
  throw new PlanRefusedError(`the Kubernetes API does not answer: ${expired}`, {
    step: 'plan',
    untouched: true,
    hint: HINT,
  })
}

/** A failure of what speaks to the cluster, with the certificates that have ended as its cause, if any have. */
export function becauseOfExpired(thrown: unknown, state: ClusterState, now: Date): RkeError {
  const error = toRkeError(thrown)
  const expired = error instanceof CancelledError ? undefined : expiredText(state, now)
  return expired === undefined
    ? error
    : toRkeError(error, { why: `${error.message}; ${expired}`, hint: HINT })
}

/** Which certificates that the nodes have have ended when, and where; `undefined` if none has. */
function expiredText(state: ClusterState, now: Date): string | undefined {
  const { rkeConfig } = state.currentState
  const ended = endedCertificates(shippedBundle(state) ?? {}, now)
  if (rkeConfig === undefined || ended.length === 0) return undefined
  const days = Map.groupBy(ended, ({ notAfter }) => notAfter.toISOString().slice(0, 10))
  const texts = [...days].map(([day, ends]) => {
    const names = ends.map(({ name }) => name)
    const have = names.length > 1 ? 'have' : 'has'
    return `${listed(names)} ${have} ended on ${day}${placesOf(names, rkeConfig)}`
  })
  return texts.join('; ')
}

function placesOf(names: readonly string[], { nodes }: ClusterConfig): string {
  const has = (node: ClusterNode): boolean => names.some((name) => isOnNode(name, node))
  const addresses = nodes.filter(has).map(({ address }) => address)
  return addresses.length === 0 ? '' : ` (${addresses.join(', ')})`
}
