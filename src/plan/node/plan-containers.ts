import {
  HELPERS_OF_OTHERS,
  INTERRUPTED_HELPERS,
  isServiceContainer,
  replacedName,
  replacementOf,
} from '../../container-names.ts'
import type { ContainerSpec } from '../../desired/container-spec.ts'
import type { DesiredNode } from '../../desired/desired-node.ts'
import { ordinaryLinux } from '../../desired/node-facts.ts'
import type { ContainerInspect } from '../../node/docker/docker-types.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import type {
  ContainerCreate,
  ContainerRemove,
  ContainerReplace,
  ContainerStart,
} from '../action/containers.ts'
import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import type { Reason } from '../model/reason.ts'
import { containerDifferences } from './container-difference.ts'

export type ContainerAction = ContainerCreate | ContainerReplace | ContainerStart

/** What must happen to one wanted container; `undefined` if it is as it should be. `after` is the caller's. */
export function planContainer(
  desired: DesiredNode,
  spec: ContainerSpec,
  observed: ObservedNode | undefined,
  fresh: boolean,
): ContainerAction | undefined {
  const { address } = desired.node
  const base = {
    id: ids.container(address, spec.name),
    node: address,
    after: [],
    container: spec,
    helperImage: desired.helperImage,
    dockerRootDir: (observed?.facts ?? ordinaryLinux).dockerRootDir,
    mayHaveOtherLinks: !fresh || (observed?.containers.size ?? 0) > 0,
  }
  const actual = observed?.containers.get(spec.name)
  if (actual === undefined) {
    return { ...base, kind: 'container.create', because: [absence(observed, spec.name)] }
  }
  const differences = containerDifferences(actual, spec, observed?.images.get(spec.image)?.Config)
  if (differences.length > 0) return { ...base, kind: 'container.replace', because: differences }
  if (!spec.createdOnly && !actual.State.Running) {
    return { ...base, kind: 'container.start', because: [stoppedReason(actual)] }
  }
  if (observed?.containers.has(replacedName(spec.name))) {
    return { ...base, kind: 'container.start', because: [{ kind: 'replacement-interrupted' }] }
  }
  return undefined
}

function absence(observed: ObservedNode | undefined, name: string): Reason {
  if (observed === undefined || observed.containers.size === 0) return { kind: 'new-node' }
  return {
    kind: observed.containers.has(replacedName(name)) ? 'replacement-interrupted' : 'container-missing',
  }
}

function stoppedReason({ State }: ContainerInspect): Reason {
  if (State.Status === 'created') return { kind: 'container-never-started' }
  return { kind: 'container-stopped', status: State.Status, exitCode: State.ExitCode }
}

/**
 * Containers that must go: services the node's roles do not ask for, and what interrupted runs left.
 * An `old-…` container goes after its replacement is there, a helper after all that may use one of its name.
 */
export function planRemovals(
  desired: DesiredNode,
  observed: ObservedNode | undefined,
): readonly ContainerRemove[] {
  const { address } = desired.node
  const wanted = new Set(desired.containers.map((spec) => spec.name))
  const all = observed?.all ?? []
  const names = all.flatMap((container) => container.names)
  // Somebody saves or reads a snapshot while this one runs.
  const busy = new Set(
    all.flatMap(({ names: own, state }) =>
      state === 'running' ? own.filter((name) => HELPERS_OF_OTHERS.has(name)) : [],
    ),
  )
  const image = ids.image(address, desired.helperImage)
  const users = [
    ids.files(address),
    ids.access(address),
    ids.etcdAccess(address),
    ids.selinux(address),
    ids.etcdPermissions(address),
    ...desired.containers.map((spec) => ids.container(address, spec.name)),
    ids.etcdData(address),
    // These clean up after logs.
    ...names.filter((name) => !INTERRUPTED_HELPERS.has(name)).map((name) => ids.leftover(address, name)),
  ]
  return names.flatMap((name): readonly ContainerRemove[] => {
    const remove = { kind: 'container.remove', id: ids.leftover(address, name), node: address, name } as const
    const linkedAs = (as: string) =>
      as === 'service-sidekick' ? {} : { linked: { as, helperImage: desired.helperImage } }
    if (isServiceContainer(name) && !wanted.has(name)) {
      const because: readonly Reason[] = [desired.unwanted.get(name) ?? { kind: 'not-wanted' }]
      return [{ ...remove, ...linkedAs(name), because, after: [image] }]
    }
    if (busy.has(name)) return []
    if (INTERRUPTED_HELPERS.has(name))
      return [{ ...remove, because: [{ kind: 'left-by-interrupted-run' }], after: users }]
    const replacement = replacementOf(name)
    if (replacement !== undefined && isServiceContainer(replacement)) {
      return [
        {
          ...remove,
          ...linkedAs(replacement),
          because: [{ kind: 'left-by-interrupted-replacement' }],
          after: [image, ids.container(address, replacement)],
        },
      ]
    }
    return []
  })
}

/** Waits for a component's health after its container was touched. */
export function planHealth(
  desired: DesiredNode,
  spec: ContainerSpec,
  after: readonly string[],
): readonly Action[] {
  const { address } = desired.node
  if (spec.health === undefined) return []
  return [
    {
      kind: 'service.health',
      id: ids.health(address, spec.name),
      node: address,
      name: spec.name,
      check: spec.health,
      because: [{ kind: 'started-in-this-run' }],
      after,
      interruptible: true,
    },
  ]
}
