import type { ActionHandler } from '../action-handler.ts'

export const imagePull: ActionHandler<'image.pull'> = {
  describe: (action) => `pull image ${action.image}`,
  async run(action, { node, credentials, signal, progress }) {
    const auth = await credentials(action.image, signal)
    await node(action.node).docker.pullImage(action.image, {
      ...(auth && { auth }),
      onProgress: (done, total) => progress('pulling', { done, total }),
      signal,
    })
  },
}
