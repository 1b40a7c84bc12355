import { KubeError } from '../../errors.ts'
import type { KubeApi } from '../../kube/client/kube-api.ts'
import { findNode } from '../../kube/objects/find-node.ts'
import type { AddonJob } from '../../plan/action/addons.ts'

/**
 * Name of the Kubernetes node that runs an addon's Job: the first of its hosts that is Ready, or the first that is
 * registered while none is (the network plugin comes by such a Job).
 */
export async function addonHost(api: KubeApi, { hosts }: AddonJob, signal: AbortSignal): Promise<string> {
  const registered = await api.listNodes(signal)
  const candidates = hosts.flatMap((host) => findNode(registered, host) ?? [])
  const host = candidates.find(({ ready }) => ready) ?? candidates[0]
  if (host !== undefined) return host.name
  throw new KubeError('no control plane node is registered in Kubernetes, so no addon Job can run', {
    step: 'choose a node for addon Jobs',
    hint: 'read the log of the kubelet on the control plane nodes: docker logs kubelet',
  })
}
