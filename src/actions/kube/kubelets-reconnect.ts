import { DeadlineError } from '../../errors.ts'
import type { NodeName } from '../../kube/objects/node-name.ts'
import { poll } from '../../poll.ts'
import { realTime } from '../../time.ts'
import type { ActionContext, ActionHandler } from '../action-handler.ts'
import { lookUpNode } from './lookup-node.ts'

/** client-go checks a certificate file at most once a second. */
const FILE_IS_READ_MS = 1_100
const DEADLINE_MS = 20_000
/** A kubelet on another node stands in for the one beside the API server, if that is away. */
const KUBELETS = 3

/**
 * The API server closes its connections to kubelets when it takes up its new certificate, and that is when it next opens
 * one; otherwise the first `kubectl exec` through it would fail.
 */
export const kubeletsReconnect: ActionHandler<'kubelets.reconnect'> = {
  describe: () => 'let kube-apiserver take up its new certificate towards kubelets',
  async run(action, context) {
    const { node: server } = action
    const { reachKubelet, progress, signal, time = realTime } = context
    const kubelets = await kubeletsFor(action, context)
    await time.pause(FILE_IS_READ_MS, signal)
    const what = `kube-apiserver on ${server} to reach a kubelet`
    try {
      await poll({ what, deadlineMs: DEADLINE_MS, signal, time, onWait: progress }, async (limit) => {
        const refusals: string[] = []
        for (const kubelet of kubelets) {
          const { ok, detail } = await reachKubelet(server, kubelet, limit)
          if (ok) return { done: true }
          refusals.push(`${kubelet}: ${detail}`)
        }
        return { waiting: refusals.join('; ') }
      })
    } catch (thrown) {
      if (!(thrown instanceof DeadlineError)) throw thrown
      // Where it reaches no kubelet it has no connections to lose.
      progress(`${thrown.message}; it checks its certificate again within five minutes`)
    }
  },
}

/** Names of Nodes whose kubelets may be asked, that of the API server's own machine first. */
async function kubeletsFor(own: NodeName, { kube, signal }: ActionContext): Promise<readonly string[]> {
  const api = await kube()
  const found = await lookUpNode(api, own, signal)
  // There may be a thousand others.
  const { items } = await api.listPage({ apiVersion: 'v1', kind: 'Node' }, { limit: KUBELETS }, signal)
  return [
    ...new Set([...(found === undefined ? [] : [found.name]), ...items.map(({ metadata }) => metadata.name)]),
  ].slice(0, KUBELETS)
}
