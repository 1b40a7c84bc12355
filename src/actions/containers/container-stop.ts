import type { ActionHandler } from '../action-handler.ts'
import { stopGrace } from './stop-grace.ts'

export const containerStop: ActionHandler<'container.stop'> = {
  describe: (action) => `stop container ${action.name}`,
  async run({ node, name }, context) {
    const { docker } = context.node(node)
    // A run that was interrupted may have removed it.
    if ((await docker.inspectContainer(name)) === undefined) return
    await docker.stopContainer(name, { graceSeconds: stopGrace(name) })
  },
}
