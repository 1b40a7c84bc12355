import { fitsSecret } from '../../kube/objects/secret-size.ts'
import { readStateSecret, saveStateSecret } from '../../kube/tasks/state-secret.ts'
import type { ActionContext } from '../action-handler.ts'

/**
 * Copies the state to the Secret in the cluster, if it fits, and notes which copy that is. Where the API did not answer when the plan was made
 * it is only seen here whether the copy there is somebody else's.
 */
export async function writeStateCopy({
  kubeFor,
  state,
  signal,
  progress,
}: Pick<ActionContext, 'kubeFor' | 'state' | 'signal' | 'progress'>): Promise<void> {
  const api = await kubeFor('objects', { signal, progress })
  const there = await readStateSecret(api, signal)
  if (there?.from === 'Secret') state.mustBeOurs(there.text)
  const copy = state.copy()
  if (!fitsSecret(copy)) return progress('the state is too large for a Secret, so it is not copied')
  await state.expectCopy(copy)
  await saveStateSecret(api, copy, signal)
  await state.noteCopy(copy)
}
