import { createRequest } from '../../node/containers/create-request.ts'
import type { ActionHandler } from '../action-handler.ts'
import { linkAndStart } from './link-and-start.ts'

export const containerCreate: ActionHandler<'container.create'> = {
  describe: ({ container }) => `${container.createdOnly ? 'create' : 'start'} container ${container.name}`,
  async run(action, context) {
    const { container } = action
    const { docker } = context.node(action.node)
    const { id } = await docker.createContainer(container.name, createRequest(container))
    await linkAndStart(action, id, context)
  },
}
