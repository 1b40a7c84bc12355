import { createRequest } from '../../node/containers/create-request.ts'
import { replaceContainer } from '../../node/containers/replace-container.ts'
import { linkLog, unlinkOthers } from '../../node/files/log-links.ts'
import type { ActionHandler } from '../action-handler.ts'
import { stopGrace } from './stop-grace.ts'

export const containerReplace: ActionHandler<'container.replace'> = {
  describe: ({ container }) => `replace container ${container.name}`,
  async run(action, context) {
    const { container, helperImage, dockerRootDir } = action
    const node = context.node(action.node)
    const request = createRequest(container)
    if (container.createdOnly) {
      // Nobody is served by it, and who uses its volume keeps that.
      await node.docker.removeContainer(container.name, { force: true, volumes: true })
      await node.docker.createContainer(container.name, request)
      return
    }
    const { name } = container
    const link = async (): Promise<void> => {
      const found = await node.docker.inspectContainer(name)
      if (found === undefined) return
      await linkLog(node, { name, id: found.Id, dockerRootDir, image: helperImage })
      // Before the old one goes: a run that ends in between leaves it, and the next run begins here.
      await unlinkOthers(node, { name, keep: found.Id, image: helperImage }, context.signal)
    }
    await replaceContainer(node, {
      name,
      container: request,
      graceSeconds: stopGrace(name),
      meanwhile: link,
    })
  },
}
