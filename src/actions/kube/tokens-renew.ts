import { renewTokens } from '../../kube/tasks/root-ca.ts'
import type { ActionHandler } from '../action-handler.ts'

export const tokensRenew: ActionHandler<'tokens.renew'> = {
  describe: () => 'renew the tokens of ServiceAccounts that are stored in Secrets',
  async run({ keyId }, { kube, signal, time, progress }) {
    await renewTokens(await kube(), keyId, { signal, time, onProgress: progress })
  },
}
