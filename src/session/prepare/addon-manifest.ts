import type { AddonManifest } from '../../actions/action-handler.ts'
import type { AddonStep } from '../../addons/desired-addons.ts'

/** What the actions of a step need. */
export function manifestOf(step: AddonStep): AddonManifest {
  if (step.kind !== 'deploy') {
    return { text: undefined, keepsRest: false, deleteBefore: [], deleteAfter: [], settings: [] }
  }
  const { manifest: text, keepsRest, deleteBefore, deleteAfter, settings } = step
  return { text, keepsRest, deleteBefore, deleteAfter, settings }
}
