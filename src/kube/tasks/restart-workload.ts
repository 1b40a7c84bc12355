import { DeadlineError } from '../../errors.ts'
import { poll } from '../../poll.ts'
import type { KubeApi } from '../client/kube-api.ts'
import type { KubeWait } from '../client/waiting/kube-wait.ts'
import { refText } from '../objects/kube-object.ts'
import { rolloutLeft, type Workload } from '../objects/rolled-out.ts'
import { RESTARTED_AT, type WorkloadRef } from '../objects/root-ca.ts'
import { goAroundDeadNodes } from './around-dead-nodes.ts'

/** Without any progress for that long, it is given up. Images may have to be pulled. */
const STANDSTILL_MS = 300_000

/**
 * Replaces all pods of a workload by its own strategy, as `kubectl rollout restart` does, and waits until the new ones serve. One that
 * has the mark already is only waited for; one that is gone is done.
 * @param isAddon it is one of the cluster's own, whose pods on Nodes that are not Ready are not waited for
 * @throws DeadlineError if nothing has changed for five minutes.
 */
export async function restartWorkload(
  kube: KubeApi,
  {
    workload,
    mark,
    isAddon,
  }: { readonly workload: WorkloadRef; readonly mark: string; readonly isAddon: boolean },
  { signal, time, onProgress }: KubeWait,
): Promise<void> {
  const found = await kube.read<Workload>(workload, signal)
  if (found === undefined) return
  if (found.spec?.template?.metadata?.annotations?.[RESTARTED_AT] !== mark) {
    const template = { metadata: { annotations: { [RESTARTED_AT]: mark } } }
    await kube.patch(workload, { spec: { template } }, signal && { signal })
  }
  const { kind, namespace, name } = workload
  const options = {
    what: `the pods of ${refText(workload)}`,
    hint: `see why with "kubectl -n ${namespace} rollout status ${kind.toLowerCase()}/${name}"`,
    deadlineMs: STANDSTILL_MS,
    signal,
    time,
    onWait: onProgress,
  }
  for (let before = ''; ; ) {
    let last = before
    try {
      return await poll(options, async (either) => {
        const now = await kube.read<Workload>(workload, either)
        const left = now === undefined ? undefined : rolloutLeft(now)
        if (now === undefined || left === undefined) return { done: undefined }
        const around = isAddon ? await goAroundDeadNodes(kube, now, mark, either) : undefined
        if (around === 'done') return { done: undefined }
        last = around?.left ?? left
        return { waiting: `waiting for ${refText(workload)}: ${last}` }
      })
    } catch (thrown) {
      if (!(thrown instanceof DeadlineError) || last === before) throw thrown
      before = last
    }
  }
}
