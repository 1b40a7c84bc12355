import type { FileSpec } from '../../desired/container-spec.ts'
import type { DesiredNode } from '../../desired/desired-node.ts'
import { prefixed } from '../../desired/paths.ts'
import { KUBERNETES_FOLDER } from '../../node-paths.ts'
import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import { inChain } from '../model/in-chain.ts'
import type { Reason } from '../model/reason.ts'
import { planHealth } from '../node/plan-containers.ts'

/**
 * A change of files that nodes must make together: all of them are through one stage before any enters the next, because
 * what one of them does in a stage can only be understood by those of the stages beside it.
 */
export interface StagedChange {
  /** As it stands in ids: `encryption`. */
  readonly name: string
  readonly stages: readonly Stage[]
  /** What is done in the end, one action after the other. */
  readonly last?: readonly Action[]
}

export interface Stage {
  readonly because: Reason
  /** Done before the first node has its turn: a record that the stage was begun, or what the stage is about itself. */
  readonly first?: FirstAction
  /** In the order in which they have their turns. */
  readonly turns: readonly Turn[]
}

/** An action whose id and place in the order are those of its stage. */
export type FirstAction = Action extends infer A
  ? A extends Action
    ? Omit<A, 'id' | 'after' | 'because'>
    : never
  : never

/** What one node gets in a stage. */
export interface Turn {
  readonly desired: DesiredNode
  readonly files: readonly FileSpec[]
  /** Names of its containers that read these files only when they start, in the order of their restarts. */
  readonly restarts: readonly string[]
}

/**
 * A change one step at a time, after all of `after`: each node's containers are healthy before the next node has its turn,
 * so that all but one serve all the time. Files that are there already are written once more: whether their containers have
 * read them cannot be seen.
 */
export function planStages(
  { name, stages, last = [] }: StagedChange,
  after: readonly string[],
): readonly Action[] {
  const actions = stages.flatMap((stage, index) => planStage(name, stage, index + 1))
  return inChain(
    [...actions, ...last].map((action) => [action]),
    after,
  )
}

/** Whether all containers of a change are healthy, to be asked before it is begun. */
export function planStagesHealth({ name, stages }: StagedChange): readonly Action[] {
  const turns = stages.flatMap((stage) => stage.turns)
  const checks = turns.flatMap((turn) => turn.restarts.flatMap((one) => planTurnHealth(name, 0, turn, one)))
  return [
    ...new Map(
      checks.map((check) => [check.id, { ...check, because: [{ kind: 'peer-stops' }] } as const]),
    ).values(),
  ]
}

function planStage(name: string, { because, first, turns }: Stage, number: number): readonly Action[] {
  const record: readonly Action[] =
    first === undefined ? [] : [{ ...first, id: ids.stage(name, number), because: [because], after: [] }]
  return [...record, ...turns.flatMap((turn) => planTurn(name, number, because, turn))]
}

function planTurn(name: string, number: number, because: Reason, turn: Turn): readonly Action[] {
  const { node, prefix, helperImage } = turn.desired
  const { address } = node
  return [
    {
      kind: 'files.upload',
      id: ids.stagePart(address, name, number, 'file'),
      node: address,
      because: [{ kind: 'files', state: 'changed', paths: turn.files.map(({ path }) => path) }, because],
      // One helper of that name at a time.
      after: [ids.image(address, helperImage), ids.files(address), ids.access(address)],
      image: helperImage,
      folder: prefixed(prefix, KUBERNETES_FOLDER),
      files: turn.files,
    },
    ...turn.restarts.flatMap((container): readonly Action[] => [
      {
        kind: 'container.restart',
        id: ids.stagePart(address, name, number, container),
        node: address,
        because: [because],
        after: [],
        name: container,
      },
      ...planTurnHealth(name, number, turn, container),
    ]),
  ]
}

function planTurnHealth(
  name: string,
  number: number,
  { desired }: Turn,
  container: string,
): readonly Action[] {
  const { address } = desired.node
  return desired.containers
    .filter((spec) => spec.name === container)
    .flatMap((spec) => planHealth(desired, spec, []))
    .map((check) => ({
      ...check,
      id: ids.stagePart(address, name, number, `health/${container}`),
      because: [{ kind: 'restarted-in-this-run' }],
    }))
}
