import { addonDecision, type InstalledAddon } from '../../addons/addon-decision.ts'
import { deployJobName } from '../../addons/addon-names.ts'
import type { AddonSetting } from '../../addons/addon-setting.ts'
import { manifestHash } from '../../addons/compare/compare.ts'
import { overStored } from '../../addons/compare/over-stored.ts'
import { addonConfigMap, deployJob, MANIFEST_HASH_ANNOTATION, SUPERSEDED } from '../../addons/jobs.ts'
import type { KubeApi } from '../../kube/client/kube-api.ts'
import { type KubeObject, refOf, refText } from '../../kube/objects/kube-object.ts'
import { annotateJob, jobStage, readAddon, storeConfigMap } from '../../kube/tasks/addon-store.ts'
import { runJob } from '../../kube/tasks/run-job.ts'
import type { ActionHandler } from '../action-handler.ts'
import { addonHost } from './addon-host.ts'

const DELETION_MS = 60_000

export const addonApply: ActionHandler<'addon.apply'> = {
  describe: (action) => `deploy addon ${action.addon}`,
  async run(action, context) {
    const { signal, progress } = context
    const api = await context.kubeFor('pods', { signal, onProgress: progress })
    const found = await installed(api, action.addon, signal)
    const { stored } = found
    const wanted = { manifest: action.manifest.reveal(), keepsRest: action.keepsRest }
    const { manifest } = overStored(stored, wanted)
    if (addonDecision(found, manifest).action === 'none') return
    const nodeName = await addonHost(api, action.job, signal)
    // A run that ends between the text and its Job must not leave the Job of the text before as a proof.
    await annotateJob(api, deployJobName(action.addon), { [MANIFEST_HASH_ANNOTATION]: SUPERSEDED }, signal)
    for (const setting of action.settings) await applySetting(api, setting, stored, signal)
    await storeConfigMap(api, addonConfigMap(action.addon, manifest), signal)
    for (const object of action.deleteBefore) await deleteAndWait(api, object, signal)
    const job = deployJob({
      name: action.addon,
      image: action.job.image,
      nodeName,
      manifestHash: manifestHash(manifest),
    })
    await runJob(api, job, {
      deadlineMs: action.job.timeout * 1000,
      signal,
      onProgress: progress,
    })
    for (const object of action.deleteAfter) await api.delete(refOf(object), { signal })
  },
}

/** Asked again here, because a plan that was made without an API holds every addon. */
async function installed(api: KubeApi, name: string, signal: AbortSignal): Promise<InstalledAddon> {
  const { text, job } = await readAddon(api, name, deployJobName(name), signal)
  const jobHash = job.annotations[MANIFEST_HASH_ANNOTATION]
  return { stored: text, job: jobStage(job), jobHash }
}

/** Before the new text is stored: a run that goes on after an interrupted one must see that the setting was another. */
async function applySetting(
  api: KubeApi,
  { text, object }: AddonSetting,
  stored: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (stored === undefined || stored.includes(text)) return
  const ref = refOf(object)
  if ((await api.read(ref, signal)) === undefined) return
  await api.patch(ref, { data: object.data }, { signal })
}

async function deleteAndWait(api: KubeApi, object: KubeObject, signal: AbortSignal): Promise<void> {
  const ref = refOf(object)
  await api.delete(ref, { signal, propagation: 'Foreground' })
  const what = `${refText(ref)} to be removed`
  await api.waitFor(ref, (found) => found === undefined, { what, deadlineMs: DELETION_MS, signal })
}
