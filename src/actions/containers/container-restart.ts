import type { ActionHandler } from '../action-handler.ts'
import { stopGrace } from './stop-grace.ts'

export const containerRestart: ActionHandler<'container.restart'> = {
  describe: (action) => `restart container ${action.name}`,
  async run(action, { node }) {
    await node(action.node).docker.restartContainer(action.name, { graceSeconds: stopGrace(action.name) })
  },
}
