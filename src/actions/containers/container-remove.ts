import { unlinkOthers } from '../../node/files/log-links.ts'
import type { ActionHandler } from '../action-handler.ts'

export const containerRemove: ActionHandler<'container.remove'> = {
  describe: (action) => `remove container ${action.name}`,
  async run({ name, node: address, linked }, context) {
    const node = context.node(address)
    if (linked !== undefined) {
      // Before the container goes: a run that ends in between leaves it to the next one.
      const successor = await node.docker.inspectContainer(linked.as)
      const keep = linked.as === name ? '' : (successor?.Id ?? '')
      await unlinkOthers(node, { name: linked.as, keep, image: linked.helperImage }, context.signal)
    }
    await node.docker.removeContainer(name, { force: true, volumes: true })
  },
}
