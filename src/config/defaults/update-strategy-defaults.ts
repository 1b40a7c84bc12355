import type { DeepPartial, UpdateStrategy } from '../cluster-config.ts'
import { own } from '../own.ts'

type Strategy = DeepPartial<UpdateStrategy>
type RollingUpdate = NonNullable<Strategy['rollingUpdate']>

const rolling = 'RollingUpdate'
const rollingUpdate = (limits: RollingUpdate): Strategy => ({ strategy: rolling, rollingUpdate: limits })

/**
 * DaemonSets of ingress and network: one at a time, also where a rolling update does not say how many. Any other
 * strategy, and one without a name, stays as given.
 */
export function daemonSetStrategy(given: Strategy | undefined): Strategy {
  if (given === undefined) return rollingUpdate({ maxUnavailable: 1 })
  if (given.strategy !== rolling || given.rollingUpdate?.maxUnavailable !== undefined) return given
  return rollingUpdate({ maxUnavailable: 1 })
}

/** The deployment of metrics-server: a quarter at a time. A strategy without a name stays as given. */
export function deploymentStrategy(given: Strategy | undefined): Strategy {
  const quarter = { maxUnavailable: '25%', maxSurge: '25%' }
  if (given === undefined) return rollingUpdate(quarter)
  return given.strategy === rolling ? rollingUpdate({ ...quarter, ...given.rollingUpdate }) : given
}

const dnsLimits: Readonly<Record<string, { readonly whole: RollingUpdate; readonly gap: RollingUpdate }>> = {
  coredns: { whole: { maxUnavailable: 1, maxSurge: 0 }, gap: { maxUnavailable: 1 } },
  'kube-dns': { whole: { maxUnavailable: 0, maxSurge: '10%' }, gap: { maxSurge: '10%' } },
}

/** The deployment of the cluster DNS: by provider; a partial block gets only the one limit that matters there. */
export function dnsStrategy(provider: string, given: Strategy | undefined): Strategy | undefined {
  const limits = own(dnsLimits, provider)
  if (limits === undefined || (given?.strategy !== undefined && given.strategy !== rolling)) return given
  if (given?.rollingUpdate === undefined) return rollingUpdate(limits.whole)
  return { ...given, rollingUpdate: { ...limits.gap, ...given.rollingUpdate } }
}
