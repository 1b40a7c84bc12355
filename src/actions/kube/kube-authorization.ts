import { ensureObject } from '../../kube/tasks/ensure-object.ts'
import type { ActionHandler } from '../action-handler.ts'

export const kubeAuthorization: ActionHandler<'kube.authorization'> = {
  describe: () => 'apply the authorization objects of nodes and addon Jobs',
  async run(action, { kubeFor, signal, progress }) {
    const api = await kubeFor('objects', { signal, onProgress: progress })
    for (const object of action.objects) await ensureObject(api, object, signal)
  },
}
