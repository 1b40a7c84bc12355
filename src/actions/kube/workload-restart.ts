import { refText } from '../../kube/objects/kube-object.ts'
import { restartWorkload } from '../../kube/tasks/restart-workload.ts'
import type { ActionHandler } from '../action-handler.ts'

export const workloadRestart: ActionHandler<'workload.restart'> = {
  describe: ({ workload }) => `restart ${refText(workload)}`,
  async run(restart, { kube, signal, time, progress }) {
    await restartWorkload(await kube(), restart, { signal, time, onProgress: progress })
  },
}
