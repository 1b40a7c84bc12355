import { rewriteSecrets } from '../../kube/tasks/rewrite-secrets.ts'
import type { ActionHandler } from '../action-handler.ts'

export const secretsRewrite: ActionHandler<'secrets.rewrite'> = {
  describe: () => 'write all Secrets anew',
  async run(_action, { kube, signal, progress }) {
    await rewriteSecrets(await kube(), { signal, onProgress: (written) => progress(`${written} Secrets`) })
  },
}
