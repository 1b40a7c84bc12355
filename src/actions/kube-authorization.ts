import { authorizationObjects } from '../addons/authorization.ts'
import { ensureObject } from '../kube/ensure-object.ts'
import type { ActionHandler } from './action-handler.ts'

export const kubeAuthorization: ActionHandler<'kube.authorization'> = {
  describe: () => 'apply the authorization objects of nodes and addon Jobs',
  async run(_action, { config, kube, signal }) {
    const api = await kube()
    for (const object of authorizationObjects(config)) await ensureObject(api, object, signal)
  },
}
