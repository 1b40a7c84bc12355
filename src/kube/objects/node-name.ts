/** By what the Node of a machine is found. */
export interface NodeName {
  /** `hostname_override` of the machine, as its kubelet labels the Node. */
  readonly hostname: string
  /** Given where a cloud provider names Nodes itself: the Node's address of type InternalIP finds it, too. */
  readonly internalAddress?: string
}

/** By what the Node of a machine of cluster.yml is found. As in RKE 1.6.3 only `external-aws` names Nodes itself. */
export function nodeNameOf(
  {
    hostnameOverride,
    internalAddress,
  }: { readonly hostnameOverride: string; readonly internalAddress: string },
  { cloudProvider }: { readonly cloudProvider: { readonly name?: string | undefined } },
): NodeName {
  const hostname = hostnameOverride
  return cloudProvider.name === 'external-aws' ? { hostname, internalAddress } : { hostname }
}
