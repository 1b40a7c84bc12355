import { saveStateSecret } from '../kube/state-secret.ts'
import type { ActionContext } from './action-handler.ts'

/** Copies the state to the Secret in the cluster, and notes which copy that is. */
export async function publishState({
  kube,
  state,
  signal,
}: Pick<ActionContext, 'kube' | 'state' | 'signal'>): Promise<void> {
  const copy = state.copy()
  await saveStateSecret(await kube(), copy, signal)
  await state.noteCopy(copy)
}
