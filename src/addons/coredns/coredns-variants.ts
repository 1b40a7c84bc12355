/** What differs between the CoreDNS manifests of different Kubernetes versions. */
export interface CorednsVariant {
  /** The manifest owns the number of replicas; otherwise only the autoscaler does. */
  readonly ownsReplicas: boolean
  /** The node label that says `linux`. */
  readonly osLabel: string
  /** The container runs under the runtime's seccomp profile. */
  readonly seccomp: boolean
}

export const COREDNS_VARIANTS = {
  'coredns-v1.8.3-rancher2': { ownsReplicas: true, osLabel: 'beta.kubernetes.io/os', seccomp: false },
  'coredns-v1.8.3-rancher3': { ownsReplicas: false, osLabel: 'kubernetes.io/os', seccomp: true },
} as const satisfies Readonly<Record<string, CorednsVariant>>
