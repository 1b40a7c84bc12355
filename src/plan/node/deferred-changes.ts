import type { PlanBasis } from '../model/plan-basis.ts'
import {
  type ContainerDifference,
  containerDifferences,
  deferredDifferences,
} from './container-difference.ts'

/** A difference that is left as it is for now. */
export interface DeferredChange {
  readonly node: string
  readonly container: string
  readonly differences: readonly ContainerDifference[]
}

/** Differences that are no reason by themselves to replace a container, of containers that have no other reason. */
export function deferredChanges({ nodes, seen: { machines } }: PlanBasis): readonly DeferredChange[] {
  return nodes.flatMap(({ node, containers }) =>
    containers.flatMap((spec): readonly DeferredChange[] => {
      const found = machines.get(node.address)
      const actual = found?.containers.get(spec.name)
      if (actual === undefined) return []
      if (containerDifferences(actual, spec, found?.images.get(spec.image)?.Config).length > 0) return []
      const differences = deferredDifferences(actual, spec)
      return differences.length === 0 ? [] : [{ node: node.address, container: spec.name, differences }]
    }),
  )
}
