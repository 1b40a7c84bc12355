import { checkTokens } from '../../kube/tasks/check-tokens.ts'
import type { ActionHandler } from '../action-handler.ts'

export const tokensCheck: ActionHandler<'tokens.check'> = {
  describe: () => 'check that the stored tokens of ServiceAccounts are accepted',
  run: async (_action, { kube, signal }) => checkTokens(await kube(), signal),
}
