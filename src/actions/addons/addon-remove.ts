import { deployJobName } from '../../addons/addon-names.ts'
import { deleteJob } from '../../addons/jobs.ts'
import { refOf } from '../../kube/objects/kube-object.ts'
import { addonJobRef } from '../../kube/tasks/addon-store.ts'
import { removeJob, runJob } from '../../kube/tasks/run-job.ts'
import type { ActionHandler } from '../action-handler.ts'
import { addonHost } from './addon-host.ts'

export const addonRemove: ActionHandler<'addon.remove'> = {
  describe: (action) => `remove addon ${action.addon}`,
  async run(action, context) {
    const { image, timeout } = action.job
    const { signal, progress } = context
    const api = await context.kubeFor('pods', { signal, onProgress: progress })
    const nodeName = await addonHost(api, action.job, signal)
    const job = deleteJob({ name: action.addon, image, nodeName })
    const options = { deadlineMs: 2 * timeout * 1000, signal, onProgress: progress }
    await runJob(api, job, options)
    await removeJob(api, addonJobRef(deployJobName(action.addon)), options)
    await removeJob(api, refOf(job), options)
  },
}
