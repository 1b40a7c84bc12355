import type { ActionHandler } from '../action-handler.ts'
import { pullProgress } from './pull-progress.ts'

export const imagePull: ActionHandler<'image.pull'> = {
  describe: (action) => `pull image ${action.image}`,
  async run(action, { node, credentials, signal, progress }) {
    const auth = await credentials(action.image, signal)
    await node(action.node).docker.pullImage(action.image, {
      ...(auth && { auth }),
      ...pullProgress(progress),
      signal,
    })
  },
}
