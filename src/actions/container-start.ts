import { DockerError } from '../errors.ts'
import type { ActionHandler } from './action-handler.ts'
import { linkAndStart } from './link-and-start.ts'

export const containerStart: ActionHandler<'container.start'> = {
  describe: ({ container }) => `start container ${container.name} again`,
  async run(action, context) {
    const { name } = action.container
    const found = await context.node(action.node).docker.inspectContainer(name)
    if (found === undefined) {
      throw new DockerError(`container ${name} is gone, though it was there a moment ago`, {
        host: action.node,
        step: `start container ${name}`,
        hint: 'run the same command again: it will create the container',
      })
    }
    await linkAndStart(action, found.Id, context)
  },
}
