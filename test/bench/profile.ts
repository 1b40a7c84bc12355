import { aligned } from './table.ts'

/** A step as the events of a run report it, in milliseconds since the run began. */
export interface StepTimes {
  readonly id: string
  readonly kind: string
  readonly begun: number
  readonly done: number
  /** Ids of the steps it waited for. */
  readonly after: readonly string[]
}

export interface ProfiledRun {
  readonly planned: number
  readonly ended: number
  readonly steps: readonly StepTimes[]
}

interface JsonEvent {
  readonly type: string
  readonly time: string
  readonly step?: string
  readonly kind?: string
}

interface JsonPlan {
  readonly actions: readonly { readonly id: string; readonly after: readonly string[] }[]
}

/**
 * Reads a run from `rke plan --output json` and the JSON lines of `rke up --output json`.
 * @param began when the program was started, in milliseconds since 1970.
 */
export function readRun(
  planJson: string,
  eventLines: string,
  began: number,
  milliseconds: number,
): ProfiledRun {
  const plan = JSON.parse(planJson) as JsonPlan
  const after = new Map(plan.actions.map((action) => [action.id, action.after]))
  const events = eventLines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JsonEvent)
  const timeOf = (event: JsonEvent | undefined): number =>
    event === undefined ? 0 : Date.parse(event.time) - began
  const started = new Map(events.filter(({ type }) => type === 'started').map((event) => [event.step, event]))
  return {
    planned: timeOf(events.find(({ type }) => type === 'planned')),
    ended: milliseconds,
    steps: events
      .filter(({ type }) => type === 'done')
      .map((event) => ({
        id: event.step ?? '',
        kind: event.kind ?? '',
        begun: timeOf(started.get(event.step)),
        done: timeOf(event),
        after: after.get(event.step ?? '') ?? [],
      })),
  }
}

/** The chain of steps that ended last, first step first: making any other step faster gains nothing. */
export function criticalPath({ steps }: ProfiledRun): readonly StepTimes[] {
  const byId = new Map(steps.map((step) => [step.id, step]))
  const latest = (some: readonly StepTimes[]): StepTimes | undefined =>
    some.reduce<StepTimes | undefined>(
      (last, step) => (last && last.done >= step.done ? last : step),
      undefined,
    )
  const path: StepTimes[] = []
  for (let step = latest(steps); step !== undefined; ) {
    path.unshift(step)
    step = latest(step.after.flatMap((id) => byId.get(id) ?? []))
  }
  return path
}

/** Where the time of a run goes: per kind of step, and along the critical path. */
export function profileText(run: ProfiledRun): string {
  const path = criticalPath(run)
  const onPath = new Map<string, number>()
  for (const { kind, begun, done } of path) onPath.set(kind, (onPath.get(kind) ?? 0) + done - begun)
  const kinds = [...new Set(run.steps.map(({ kind }) => kind))].map((kind) => {
    const times = run.steps.filter((step) => step.kind === kind).map(({ begun, done }) => done - begun)
    const sum = times.reduce((a, b) => a + b, 0)
    return { kind, sum, count: times.length, longest: Math.max(...times), path: onPath.get(kind) ?? 0 }
  })
  kinds.sort((a, b) => b.path - a.path || b.sum - a.sum)
  const last = path.at(-1)?.done ?? run.planned
  return [
    'Where the time of one run on empty machines goes:',
    '',
    aligned([
      ['step', 'count', 'together', 'longest', 'on the critical path'],
      ...kinds.map(({ kind, count, sum, longest, path: share }) => [
        kind,
        String(count),
        seconds(sum),
        seconds(longest),
        share === 0 ? '' : seconds(share),
      ]),
    ]),
    '',
    'The critical path: each step with what it waited for last.',
    '',
    aligned([
      ['step', 'begun at', 'idle before', 'took'],
      ['(until the plan was made)', seconds(0), '', seconds(run.planned)],
      ...path.map((step, index) => [
        step.id,
        seconds(step.begun),
        seconds(step.begun - (path[index - 1]?.done ?? run.planned)),
        seconds(step.done - step.begun),
      ]),
      ['(until the program ended)', seconds(last), '', seconds(run.ended - last)],
    ]),
  ].join('\n')
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`
