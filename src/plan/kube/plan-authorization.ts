import { authorizationObjects } from '../../addons/authorization.ts'
import type { Action } from '../action.ts'
import { isNewCluster } from '../model/cluster-view.ts'
import { ids } from '../model/ids.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import { controlPlaneUp } from './control-plane-health.ts'
import { reasonWithoutApi } from './reason-without-api.ts'

export function planAuthorization(basis: PlanBasis, onNodes: readonly Action[]): readonly Action[] {
  const missing = basis.seen.kube?.authorization
  if (missing?.length === 0) return []
  return [
    {
      kind: 'kube.authorization',
      id: ids.authorization,
      objects: authorizationObjects(basis.wanted.config),
      because:
        missing === undefined
          ? [reasonWithoutApi(isNewCluster(basis))]
          : missing.map((object) => ({ kind: 'object-missing-or-different', object })),
      after: controlPlaneUp(onNodes),
    },
  ]
}
