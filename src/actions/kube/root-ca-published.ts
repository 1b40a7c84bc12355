import { untilPublished } from '../../kube/tasks/root-ca.ts'
import type { ActionHandler } from '../action-handler.ts'

export const rootCaPublished: ActionHandler<'root-ca.published'> = {
  describe: () => 'check that pods of all namespaces get the CA',
  async run({ ca }, { kube, signal, time, progress }) {
    await untilPublished(await kube(), ca, { signal, time, onProgress: progress })
  },
}
