/**
 * The part of the configuration that certificates depend on, in the spelling of the state file and after
 * defaulting (`internalAddress` and `hostnameOverride` filled in). A whole `ClusterConfig` fits.
 */
export interface CertificateConfig {
  readonly clusterName?: string | undefined
  readonly nodes: readonly CertificateNode[]
  readonly authentication?: { readonly sans?: readonly string[] | null | undefined } | undefined
  /** `certificates` of cluster.yml; the state file does not hold it. */
  readonly certificates?:
    | {
        /** `state` by default, or `external`. */
        readonly caKey?: string | undefined
        readonly caDays?: number
        readonly leafDays?: number
        readonly renewBeforeDays?: number
      }
    | undefined
  readonly services: {
    readonly kubeApi: { readonly serviceClusterIpRange?: string | undefined }
    readonly kubelet: {
      readonly clusterDomain?: string | undefined
      readonly generateServingCertificate?: boolean | undefined
    }
    readonly etcd: ExternalEtcd & {
      readonly uid?: number | undefined
      readonly gid?: number | undefined
    }
  }
}

/** An external etcd, with its client certificates as PEM text. */
export interface ExternalEtcd {
  readonly externalUrls?: readonly string[] | null | undefined
  readonly caCert?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

/** What certificates depend on of a node. */
export interface CertificateNode {
  readonly address: string
  readonly internalAddress?: string | undefined
  readonly hostnameOverride?: string | undefined
  readonly role: readonly string[]
}
