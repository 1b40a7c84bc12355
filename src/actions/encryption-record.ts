import { saveStateSecret } from '../kube/state-secret.ts'
import { Secret } from '../secret.ts'
import type { ActionHandler } from './action-handler.ts'

/** The copy in the cluster, too: whoever loses the state file meanwhile needs the keys of this moment. */
export const encryptionRecord: ActionHandler<'encryption.record'> = {
  describe: () => 'record how Secrets are encrypted from now on',
  async run({ text }, { recordEncryption, kube, stateText, signal }) {
    await recordEncryption(text)
    await saveStateSecret(await kube(), new Secret(stateText()), signal)
  },
}
