import { deployJobName } from '../addons/addon-names.ts'
import { manifestHash } from '../addons/compare.ts'
import { addonConfigMap, deployJob, MANIFEST_HASH_ANNOTATION, SUPERSEDED } from '../addons/jobs.ts'
import { annotateJob, storeConfigMap } from '../kube/addon-store.ts'
import { runJob } from '../kube/run-job.ts'
import type { ActionHandler } from './action-handler.ts'
import { addonDeadlineMs } from './addon-deadline.ts'
import { addonHost } from './addon-host.ts'

export const addonApply: ActionHandler<'addon.apply'> = {
  describe: (action) => `deploy addon ${action.addon}`,
  async run(action, context) {
    const { addons, config, kube, signal, progress } = context
    const manifest = addons.get(action.addon)?.text
    if (manifest === undefined) return
    const api = await kube()
    const nodeName = await addonHost(api, context)
    // A run that ends between the text and its Job must not leave the Job of the text before as a proof.
    await annotateJob(api, deployJobName(action.addon), { [MANIFEST_HASH_ANNOTATION]: SUPERSEDED }, signal)
    await storeConfigMap(api, addonConfigMap(action.addon, manifest), signal)
    const job = deployJob({
      name: action.addon,
      image: config.systemImages.kubernetes,
      nodeName,
      manifestHash: manifestHash(manifest),
    })
    await runJob(api, job, {
      deadlineMs: addonDeadlineMs(config.addonJobTimeout),
      signal,
      onProgress: progress,
    })
  },
}
