import { prepareLogCleaning } from '../node/log-links.ts'
import type { ActionHandler } from './action-handler.ts'

export const logsMark: ActionHandler<'logs.mark'> = {
  describe: () => 'note that links to logs are to be cleaned',
  async run({ node: address, image, dockerRootDir }, { node }) {
    await prepareLogCleaning(node(address), { image, dockerRootDir })
  },
}
