import { cleanLogLinks } from '../node/log-links.ts'
import type { ActionHandler } from './action-handler.ts'

export const logsClean: ActionHandler<'logs.clean'> = {
  describe: () => 'remove links to logs of containers that are gone',
  async run({ node: address, image, dockerRootDir }, { node, signal }) {
    await cleanLogLinks(node(address), { image, dockerRootDir }, signal)
  },
}
