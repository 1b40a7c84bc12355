import { meantKinds } from '../../kube/tasks/meant-kinds.ts'
import { rewriteObjects } from '../../kube/tasks/rewrite-objects.ts'
import type { ActionHandler } from '../action-handler.ts'
import { resourcesText } from './resources-text.ts'

export const encryptionRewrite: ActionHandler<'encryption.rewrite'> = {
  describe: ({ resources }) => `write all ${resourcesText(resources)} anew`,
  async run({ resources }, { kube, signal, progress }) {
    const api = await kube()
    const { kinds } = await meantKinds(api, resources, signal)
    await rewriteObjects(
      api,
      kinds.map(({ kind }) => kind),
      { signal, onProgress: (kind, written) => progress(`${written} objects of kind ${kind}`) },
    )
  },
}
