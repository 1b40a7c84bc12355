import { toRkeError } from '../../errors.ts'
import { poll } from '../../poll.ts'
import type { ActionHandler } from '../action-handler.ts'

/** API servers start again with growing pauses while etcd does not answer, up to a minute. */
const DEADLINE_MS = 180_000

export const apiServes: ActionHandler<'api.serves'> = {
  describe: () => 'wait until the Kubernetes API serves',
  async run(_action, { kube, signal, progress, time }) {
    const what = 'the Kubernetes API to serve'
    const hint =
      'see why with "docker logs kube-apiserver" on the control plane nodes, then run the same command again'
    await poll({ what, hint, deadlineMs: DEADLINE_MS, signal, time, onWait: progress }, async (either) => {
      try {
        const { ok, detail } = await (await kube()).ready(either)
        return ok ? { done: undefined } : { waiting: detail }
      } catch (thrown) {
        either.throwIfAborted()
        return { waiting: toRkeError(thrown).message }
      }
    })
  },
}
