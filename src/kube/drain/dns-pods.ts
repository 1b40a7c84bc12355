import type { Pod } from '../objects/kube-object.ts'

const namespace = 'kube-system'
const KEY = 'k8s-app'

/** CoreDNS has it as well as kube-dns: their Service asks for it. */
export const DNS_LABELS = { [KEY]: 'kube-dns' }

/** What to list to find the servers of the cluster's DNS. */
export const DNS_PODS = { namespace, labelSelector: `${KEY}=${DNS_LABELS[KEY]}` }

export function isClusterDns({ metadata }: Pod): boolean {
  return metadata.namespace === namespace && metadata.labels?.[KEY] === DNS_LABELS[KEY]
}
