import type { Emit } from '../../engine/events.ts'

/**
 * Passes on all events but warnings that were passed on before, for a run that observes a cluster several times.
 * @param own warnings of what the run itself is about, which are not passed on either
 */
export function withoutRepeats(emit: Emit, own: () => readonly string[]): Emit {
  const seen = new Set<string>()
  return (event) => {
    if (event.type === 'notice' && event.level === 'warning') {
      const warning = `${event.area} ${event.node ?? ''} ${event.text}`
      if (seen.has(warning) || own().includes(event.text)) return
      seen.add(warning)
    }
    emit(event)
  }
}
