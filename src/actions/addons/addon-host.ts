import { KubeError } from '../../errors.ts'
import type { KubeApi } from '../../kube/client/kube-api.ts'
import { findNode } from '../../kube/objects/find-node.ts'
import { nodesWithRole } from '../../role.ts'
import type { ActionContext } from '../action-handler.ts'
import { lookup } from '../kube/node-register.ts'

/**
 * Name of the Kubernetes node that runs addon Jobs: the first control plane node of cluster.yml that is
 * Ready, or the first that is registered while none is (the network plugin comes by such a Job).
 */
export async function addonHost(api: KubeApi, { config, signal }: ActionContext): Promise<string> {
  const registered = await api.listNodes(signal)
  const candidates = nodesWithRole(config.nodes, 'controlplane').flatMap((node) => {
    const { hostnameOverride, internalAddress } = lookup(node, config.cloudProvider.name)
    return findNode(registered, hostnameOverride, internalAddress) ?? []
  })
  const host = candidates.find(({ ready }) => ready) ?? candidates[0]
  if (host !== undefined) return host.name
  throw new KubeError('no control plane node is registered in Kubernetes, so no addon Job can run', {
    step: 'choose a node for addon Jobs',
    hint: 'look at the kubelet of the control plane nodes: docker logs kubelet',
  })
}
