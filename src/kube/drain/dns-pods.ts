import type { Pod } from '../objects/kube-object.ts'

const namespace = 'kube-system'
const KEY = 'k8s-app'

/** The label of CoreDNS and of kube-dns, which their Service selects. */
export const DNS_LABELS = { [KEY]: 'kube-dns' }

/** The list query for cluster DNS servers. */
export const DNS_PODS = { namespace, labelSelector: `${KEY}=${DNS_LABELS[KEY]}` }

export function isClusterDns({ metadata }: Pod): boolean {
  return metadata.namespace === namespace && metadata.labels?.[KEY] === DNS_LABELS[KEY]
}
