import { saveStateSecret } from '../kube/state-secret.ts'
import { Secret } from '../secret.ts'
import type { ActionHandler } from './action-handler.ts'

export const statePublish: ActionHandler<'state.publish'> = {
  describe: () => 'save the state in the cluster (Secret kube-system/full-cluster-state)',
  async run(_action, { kube, stateText, signal }) {
    await saveStateSecret(await kube(), new Secret(stateText()), signal)
  },
}
