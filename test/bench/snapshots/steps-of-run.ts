/** Milliseconds of the longest step of each kind, in the order in which kinds began. Steps of a kind run at once on all nodes. */
export type StepsOfRun = ReadonlyMap<string, number>

interface JsonEvent {
  readonly type: string
  readonly time: string
  readonly kind?: string
  readonly step?: string
  readonly milliseconds?: number
}

const eventsOf = (lines: string): readonly JsonEvent[] =>
  lines.split('\n').flatMap((line) => (line === '' ? [] : (JSON.parse(line) as JsonEvent)))

/** What comes before the first step, under this name: machines are asked, and a snapshot that is to be restored is read. */
export const BEFORE = 'before the first step'

/**
 * @param lines the events of a run, as JSON
 * @param began when the program was started: milliseconds since 1970
 */
export function stepsOfRun(lines: string, began: number): StepsOfRun {
  const events = eventsOf(lines)
  const longest = new Map<string, number>()
  for (const { type, time, kind = '', milliseconds = 0 } of events) {
    if (type === 'started' && longest.size === 0) longest.set(BEFORE, Date.parse(time) - began)
    if (type === 'started' && !longest.has(kind)) longest.set(kind, 0)
    if (type === 'done') longest.set(kind, Math.max(longest.get(kind) ?? 0, milliseconds))
  }
  return longest
}

/** When the last node was Ready: milliseconds since 1970. */
export function lastReady(lines: string): number {
  const ready = eventsOf(lines).filter(({ type, step }) => type === 'done' && step?.endsWith('/ready'))
  return Math.max(...ready.map(({ time }) => Date.parse(time)))
}
