import type { Secret } from '../../secret.ts'

/** A port of a node on which a component serves TLS. */
export interface ServingPort {
  readonly component: string
  /** As the node itself reaches it. */
  readonly host: string
  readonly port: number
  /** The certificate of the cluster that it serves; absent where the component signs one for itself, or its flags name another. */
  readonly certificate?: string
}

/** What a port serves. */
export interface ServedCertificate extends ServingPort {
  /** PEM of the certificate, without those between it and its authority; absent if none was seen. */
  readonly pem?: string
  /** Why none was seen. */
  readonly failure?: string
}

/** What was found of certificates on a node. */
export interface FoundOnNode {
  /** Address in cluster.yml. */
  readonly node: string
  /**
   * Texts of the files in the certificate folder by their names, keys among them; empty if there are none, absent if the
   * folder could not be read.
   */
  readonly files: ReadonlyMap<string, Secret<string>> | undefined
  readonly served: readonly ServedCertificate[]
}
