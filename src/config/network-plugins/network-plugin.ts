import type { ClusterConfig, ClusterInput, SystemImage } from '../cluster-config.ts'
import type { Finding } from '../validation/finding.ts'

export type NetworkInput = NonNullable<ClusterInput['network']>
type Options = Readonly<Record<string, string>>

/** An entry of `network.options`. */
export interface NetworkOption {
  readonly name: string
  readonly about: string
  readonly default?: string
  /** A whole number, or empty. */
  readonly number?: true
  readonly secret?: true
}

/** What a plugin leaves on a machine, for the removal of a cluster. */
export interface NetworkLeftovers {
  /** Folders outside the prefix path. */
  readonly folders?: readonly string[]
  /** Network devices, as extended regular expressions that match whole names. */
  readonly devices?: readonly string[]
  /** Packet filter rules: extended regular expressions for names of chains, or for other parts of a rule. */
  readonly rules?: readonly string[]
  /** IP sets: how their names begin. */
  readonly ipSets?: readonly string[]
}

/**
 * A value of `network.plugin`, with all that RKE and this program know of it. What a plugin's pods are made from stands
 * in `src/addons/network-manifest.ts`.
 */
export interface NetworkPlugin {
  readonly name: string
  /** Whether its manifest is built in. Another one needs a document that has it; without one, what the cluster has of it stays. */
  readonly canInstall: boolean
  /** What it runs of `system_images` with this version of Kubernetes. */
  readonly images: (version: string) => readonly SystemImage[]
  /** What RKE 1.6.3 wants to be named in `system_images` for a version that it does not know. */
  readonly requiredImages: readonly SystemImage[]
  /** Its entries of `network.options`; those with a default are filled in. */
  readonly options: readonly NetworkOption[]
  /** More entries that are filled in, whether anything reads them or not. */
  readonly filledIn?: Options
  /** Names of entries that only its own block of `network` documents. */
  readonly blockOptions?: readonly string[]
  /** Fills in its own block of `network`, if there is one. */
  readonly completeBlock?: (network: NetworkInput) => NetworkInput
  /** What its own block says, as entries of `network.options`. */
  readonly optionsOfBlock?: (network: NetworkInput) => Options
  /** Whether it can give pods addresses of several ranges with this version of Kubernetes. */
  readonly isDualStack: (version: string) => boolean
  /** Whether `network.mtu` can be set. */
  readonly takesMtu: boolean
  /** Whether `network.tolerations` have an effect. */
  readonly takesTolerations: boolean
  /** Further checks of a configuration with this plugin. */
  readonly findings?: (config: ClusterConfig) => readonly Finding[]
  /** The DaemonSet by which a stored manifest is recognised as one of this plugin. */
  readonly daemonSet?: string
  readonly leftovers: NetworkLeftovers
}
