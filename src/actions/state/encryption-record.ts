import type { ActionHandler } from '../action-handler.ts'
import { copyStateToCluster } from './copy-state-to-cluster.ts'

/** The copy in the cluster, too: whoever loses the state file meanwhile needs the keys of this moment. */
export const encryptionRecord: ActionHandler<'encryption.record'> = {
  describe: () => 'record how Secrets are encrypted from now on',
  async run({ text }, context) {
    await context.state().recordEncryption(text)
    await copyStateToCluster(context)
  },
}
