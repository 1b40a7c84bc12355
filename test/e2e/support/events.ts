import type { RkeEvent } from './rke-process.ts'

/** Recognises an event of a step by its type, the kind of the step, and a part of the step's id. */
export function stepEvent(type: string, kind: string, step = ''): (event: RkeEvent) => boolean {
  return (event) => event.type === type && event.kind === kind && (event.step ?? '').includes(step)
}
