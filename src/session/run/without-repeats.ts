import type { Emit } from '../../engine/events.ts'

/** Passes on all events but warnings that were passed on before: whoever observes a cluster again would warn of the same again. */
export function withoutRepeats(emit: Emit): Emit {
  const seen = new Set<string>()
  return (event) => {
    if (event.type === 'notice' && event.level === 'warning') {
      const warning = `${event.area} ${event.node ?? ''} ${event.text}`
      if (seen.has(warning)) return
      seen.add(warning)
    }
    emit(event)
  }
}
