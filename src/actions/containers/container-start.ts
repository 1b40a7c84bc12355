import { DockerError } from '../../errors.ts'
import type { ActionHandler } from '../action-handler.ts'
import { linkAndStart } from './link-and-start.ts'

export const containerStart: ActionHandler<'container.start'> = {
  describe: ({ container }) => `start container ${container.name} again`,
  async run(action, context) {
    const { name, restart } = action.container
    const { docker } = context.node(action.node)
    const found = await docker.inspectContainer(name)
    if (found === undefined) {
      throw new DockerError(`container ${name} is gone, though it was there a moment ago`, {
        host: action.node,
        step: `start container ${name}`,
        hint: 'run the same command again: it will create the container',
      })
    }
    // An interrupted replacement may have disabled its restart policy.
    if (restart !== undefined && found.HostConfig.RestartPolicy?.Name !== restart) {
      await docker.setRestartPolicy(found.Id, restart)
    }
    await linkAndStart(action, found.Id, context)
  },
}
