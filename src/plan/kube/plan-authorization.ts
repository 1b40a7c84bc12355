import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import type { PlanInput } from '../plan-input.ts'
import { controlPlaneUp } from './control-plane-health.ts'
import { reasonWithoutApi } from './reason-without-api.ts'

export function planAuthorization(input: PlanInput, onNodes: readonly Action[]): readonly Action[] {
  const missing = input.kube?.authorization
  if (missing?.length === 0) return []
  return [
    {
      kind: 'kube.authorization',
      id: ids.authorization,
      objects: input.authorization,
      because:
        missing === undefined
          ? [reasonWithoutApi(input.fresh)]
          : missing.map((object) => ({ kind: 'object-missing-or-different', object })),
      after: controlPlaneUp(onNodes),
    },
  ]
}
