/**
 * What differs between the flannel manifests of different Kubernetes versions. The ids name manifests, not
 * images: an image may be newer or older than its manifest.
 */
export interface FlannelVariant {
  /** The label `k8s-app: flannel` on RBAC objects and the ConfigMap. */
  readonly labelled: boolean
  /** The role may read single nodes, besides listing them. */
  readonly getsNodes: boolean
  /** The role may read `clustercidrs`, which some flannel versions watch. */
  readonly readsClusterCidrs: boolean
  /** net-conf.json says that iptables, not nftables, is used. */
  readonly choosesIptables: boolean
  /** The pod of the years before 1.25: another set of mounts, a fixed priority, and a pod security policy. */
  readonly legacyPod: boolean
  /** Resource limits besides the requests. */
  readonly limits: boolean
}

const base: FlannelVariant = {
  labelled: false,
  getsNodes: false,
  readsClusterCidrs: false,
  choosesIptables: false,
  legacyPod: false,
  limits: false,
}

export const FLANNEL_VARIANTS = {
  'flannel-v0.14.0': { ...base, legacyPod: true, limits: true },
  'flannel-v0.14.0-rancher2': { ...base, legacyPod: true },
  'flannel-v0.19.2': base,
  'flannel-v0.21.4': { ...base, getsNodes: true, readsClusterCidrs: true },
  'flannel-v0.24.2': { ...base, labelled: true, getsNodes: true, readsClusterCidrs: true },
  'flannel-v0.25.1': { ...base, labelled: true, getsNodes: true, choosesIptables: true },
} as const satisfies Readonly<Record<string, FlannelVariant>>
