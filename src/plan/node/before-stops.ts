import { hasRole } from '../../role.ts'
import type { Action } from '../action.ts'
import { serviceOf, stopsService } from '../model/service-of.ts'
import type { NodeWork } from './node-work.ts'
import { planHealth } from './plan-containers.ts'

/**
 * Lets what takes a running part of etcd or the control plane out of service wait until the images are on all nodes
 * that carry these: a registry that fails stops the run before that, and no member of etcd is missed while the disks
 * of the others are busy with images.
 */
export function afterPulls(work: readonly NodeWork[]): (action: Action) => Action {
  const pulls = work
    .filter(({ desired, serves }) => {
      return serves && (hasRole(desired.node, 'etcd') || hasRole(desired.node, 'controlplane'))
    })
    .flatMap(({ plan }) => plan.preparation.filter(({ kind }) => kind === 'image.pull').map(({ id }) => id))
  return afterAll(pulls, ({ kind }) => kind === 'container.replace' || kind === 'node.cordon')
}

type Service = 'etcd' | 'kube-apiserver'

/**
 * Where a running one of these is taken out of service, those of other nodes that are not touched must be healthy: a run
 * before may have given them the same change, and have ended because of it.
 */
export function planPeersHealth(
  name: Service,
  stopping: readonly NodeWork[],
  peers: readonly NodeWork[],
): readonly Action[] {
  const onService = ({ plan }: NodeWork): readonly Action[] =>
    [...plan.etcd, ...plan.controlPlane].filter((action) => serviceOf(action) === name)
  if (!stopping.some((one) => onService(one).some((action) => stopsService(action, name)))) return []
  return peers
    .filter((one) => one.serves && onService(one).length === 0)
    .flatMap(({ desired }) =>
      desired.containers
        .filter((spec) => spec.name === name)
        .flatMap((spec) => planHealth(desired, spec, []))
        .map((check) => ({ ...check, because: [{ kind: 'peer-stops' }] })),
    )
}

/** Lets an API server stop, and a node get no new pods, only after these checks have passed. */
export function afterHealth(checks: readonly Action[]): (action: Action) => Action {
  const stops = (action: Action): boolean =>
    stopsService(action, 'kube-apiserver') || action.kind === 'node.cordon'
  return afterAll(
    checks.map(({ id }) => id),
    stops,
  )
}

function afterAll(ids: readonly string[], applies: (action: Action) => boolean): (action: Action) => Action {
  return (action) =>
    applies(action) ? { ...action, after: [...new Set([...action.after, ...ids])] } : action
}
