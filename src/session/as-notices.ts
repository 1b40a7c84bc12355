import type { Emit } from '../engine/events.ts'

/** Progress of what is no step of a plan; the same is said once. */
export function asNotices(emit: Emit): (text: string) => void {
  let last = ''
  return (text) => {
    if (text !== last) emit({ type: 'notice', level: 'info', area: 'k8s', text })
    last = text
  }
}
