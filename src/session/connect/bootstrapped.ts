import type { ActionContext } from '../../actions/action-handler.ts'
import type { KubeApi } from '../../kube/client/kube-api.ts'
import { type Creating, waitForBootstrap } from '../../kube/client/waiting/bootstrap.ts'
import type { ObservedKube } from '../../observe/observed-kube.ts'
import type { Time } from '../../time.ts'

/**
 * The Kubernetes API for those who create something: what a new cluster still has to make is not waited for again
 * once it was seen, and not at all where what was observed shows that it is there.
 */
export function bootstrapped(
  kube: () => Promise<KubeApi>,
  observed?: ObservedKube,
  time?: Time,
): ActionContext['kubeFor'] {
  const seen = new Set(observed === undefined ? [] : acceptedBy(observed))
  return async (creating, wait) => {
    const api = await kube()
    if (seen.has(creating)) return api
    await waitForBootstrap(api, creating, { time, ...wait })
    seen.add(creating)
    return api
  }
}

/** Some of the authorization objects are in `kube-system`; Jobs complete by pods. */
function acceptedBy({ authorization, addons }: ObservedKube): readonly Creating[] {
  const hasRunPods = [...addons.values()].some(({ job }) => job === 'complete')
  return [
    ...(authorization.length === 0 ? ['objects' as const] : []),
    ...(hasRunPods ? ['pods' as const] : []),
  ]
}
