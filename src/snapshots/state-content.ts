import { Secret } from '../secret.ts'
import type { SnapshotContent } from './snapshot.ts'
import { kubernetesVersionOf } from './state-version.ts'

/** What is known of the state file of a snapshot. */
export type StateContent = Pick<SnapshotContent, 'kubernetesVersion' | 'state' | 'stateProblem'>

/** What a state file is good for; `undefined` stands for one whose data is damaged. */
export function stateContent(text: string | undefined): StateContent {
  if (text === undefined) return { stateProblem: 'its state file is damaged' }
  const found = kubernetesVersionOf(text)
  if (found === undefined) return { stateProblem: 'its state file holds no state' }
  return { state: new Secret(text), ...(found.version !== undefined && { kubernetesVersion: found.version }) }
}
