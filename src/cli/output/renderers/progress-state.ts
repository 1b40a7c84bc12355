import type { Bytes, Event, StepInfo } from '../../../engine/events.ts'

/** The name for steps without a node. */
export const CLUSTER = 'cluster'

export interface RunningStep {
  readonly step: StepInfo
  /** What it waits for. */
  readonly text?: string
  readonly bytes?: Bytes
}

export interface NodeProgress {
  /** Steps that have not ended yet. */
  readonly left: number
  /** By step id, the oldest first. */
  readonly running: ReadonlyMap<string, RunningStep>
}

/** The progress of a run. */
export interface Progress {
  readonly planned: boolean
  readonly total: number
  readonly ended: number
  /** By address, in the order of the plan. */
  readonly nodes: ReadonlyMap<string, NodeProgress>
}

export const noProgress: Progress = { planned: false, total: 0, ended: 0, nodes: new Map() }

/** The progress after an event. Pure. */
export function advance(progress: Progress, event: Event): Progress {
  switch (event.type) {
    case 'notice':
      return progress
    case 'planned':
      return { planned: true, total: event.steps.length, ended: 0, nodes: counted(event.steps) }
    case 'started':
      return withNode(progress, event.step, (node) => running(node, { step: event.step }))
    case 'progress': {
      const { step, text, bytes } = event
      return withNode(progress, step, (node) => running(node, { step, text, ...(bytes && { bytes }) }))
    }
    case 'done':
    case 'failed':
    case 'skipped':
      return withNode({ ...progress, ended: progress.ended + 1 }, event.step, (node) => {
        const rest = new Map(node.running)
        rest.delete(event.step.id)
        return { left: node.left - 1, running: rest }
      })
  }
}

function counted(steps: readonly StepInfo[]): ReadonlyMap<string, NodeProgress> {
  const nodes = new Map<string, NodeProgress>()
  for (const { node = CLUSTER } of steps) {
    nodes.set(node, { left: (nodes.get(node)?.left ?? 0) + 1, running: new Map() })
  }
  return nodes
}

function running(node: NodeProgress, step: RunningStep): NodeProgress {
  return { ...node, running: new Map(node.running).set(step.step.id, step) }
}

function withNode(
  progress: Progress,
  { node: name = CLUSTER }: StepInfo,
  change: (node: NodeProgress) => NodeProgress,
): Progress {
  const before = progress.nodes.get(name) ?? { left: 0, running: new Map() }
  return { ...progress, nodes: new Map(progress.nodes).set(name, change(before)) }
}
