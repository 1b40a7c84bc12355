import { ensureObject } from '../kube/ensure-object.ts'
import type { ActionHandler } from './action-handler.ts'

export const kubeAuthorization: ActionHandler<'kube.authorization'> = {
  describe: () => 'apply the authorization objects of nodes and addon Jobs',
  async run(action, { kube, signal }) {
    const api = await kube()
    for (const object of action.objects) await ensureObject(api, object, signal)
  },
}
