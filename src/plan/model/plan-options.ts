/** What a user chooses for one run, as far as it decides what is planned. */
export interface PlanOptions {
  /** Check, by connecting, whether new nodes can reach each other. Default: true. */
  readonly checkPorts?: boolean
  /** Addresses to which the run is restricted, where that is safe. Default: all nodes. */
  readonly nodes?: readonly string[]
  /** Only add nodes that are new and have no other role than worker, as RKE's flag of that name does. */
  readonly updateOnly?: boolean
  /**
   * The user's own certificates instead of generated ones: the texts of the `.pem` files of a certificate directory,
   * by file name.
   */
  readonly certificates?: ReadonlyMap<string, string>
  /** Drain nodes that leave the cluster before they are deleted. Default: true. */
  readonly drain?: boolean
  /** Take any Docker version. Default: false. */
  readonly ignoreDockerVersion?: boolean
  /** Upgrade to v1.25 though the cluster has PodSecurityPolicy objects, which have no effect then. Default: false. */
  readonly ignorePodSecurityPolicies?: boolean
}
