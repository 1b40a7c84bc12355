import { fitsSecret } from '../../kube/objects/secret-size.ts'
import { readStateSecret, saveStateSecret } from '../../kube/tasks/state-secret.ts'
import type { ActionContext } from '../action-handler.ts'

/**
 * Writes the state to the Secret in the cluster, if it fits, and records its digest in the state. A copy written by
 * another state file since the plan was made, or while the API did not answer, is refused.
 */
export async function copyStateToCluster({
  kubeFor,
  state,
  signal,
  progress,
}: Pick<ActionContext, 'kubeFor' | 'state' | 'signal' | 'progress'>): Promise<void> {
  const api = await kubeFor('objects', { signal, onProgress: progress })
  const there = await readStateSecret(api, signal)
  if (there?.from === 'Secret') state().mustBeOurs(there.text)
  const copy = state().copy()
  if (!fitsSecret(copy)) return progress('the state is too large for a Secret, so it is not copied')
  await state().expectCopy(copy)
  await saveStateSecret(api, copy, signal)
  await state().noteCopy(copy)
}
