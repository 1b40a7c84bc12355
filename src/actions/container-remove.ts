import type { ActionHandler } from './action-handler.ts'

export const containerRemove: ActionHandler<'container.remove'> = {
  describe: (action) => `remove container ${action.name}`,
  async run(action, { node }) {
    await node(action.node).docker.removeContainer(action.name, { force: true, volumes: true })
  },
}
