import { registryCredentials } from '../desired/registry.ts'
import type { ActionHandler } from './action-handler.ts'

export const imagePull: ActionHandler<'image.pull'> = {
  describe: (action) => `pull image ${action.image}`,
  async run(action, { node, config, signal, progress }) {
    const auth = registryCredentials(action.image, config.privateRegistries)
    await node(action.node).docker.pullImage(action.image, {
      ...(auth && { auth }),
      onProgress: (done, total) => progress('pulling', { done, total }),
      signal,
    })
  },
}
