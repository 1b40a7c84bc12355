/** A certificate that was found somewhere: one for each name and content. */
export interface CheckedCertificate {
  /** Its name in the state; the component for one that a component signs for itself. */
  readonly name: string
  /**
   * `cluster`: the cluster depends on it. `key-only`: only its key is used, so its end does not matter. `own`: a
   * component signed it for itself, and nobody verifies it. `unused`: a file that nothing reads any more.
   */
  readonly kind: 'cluster' | 'key-only' | 'own' | 'unused'
  readonly commonName: string
  readonly organization: string
  /** The issuer's common name. */
  readonly issuer: string
  readonly dnsNames: readonly string[]
  readonly ips: readonly string[]
  /** Hexadecimal. */
  readonly serialNumber: string
  /** Of the certificate in DER, lower-case hexadecimal. */
  readonly sha256: string
  readonly notBefore: Date
  readonly notAfter: Date
  /** Whole days to its end; negative after it. */
  readonly daysLeft: number
  readonly status: 'valid' | 'ends-soon' | 'expired' | 'not-yet-valid'
  readonly inState: boolean
  /** Addresses of nodes that have it as a file. */
  readonly files: readonly string[]
  readonly served: readonly ServedAt[]
}

/** Where a certificate is served. */
export interface ServedAt {
  readonly node: string
  readonly component: string
  readonly port: number
}

/** Something that is not as it should be. */
export interface CertificateProblem {
  /** `error`: expired, or state, file and what is served differ. `warning`: all else that a person should know. */
  readonly severity: 'error' | 'warning'
  readonly message: string
  /** Names of the certificates that it is about. */
  readonly certificates: readonly string[]
  /** Address of the node, if it is about one. */
  readonly node?: string
}

/** What is to be said of the certificates of a cluster. */
export interface CertificateCheck {
  /** In the order in which certificates are made, those that components signed for themselves at the end. */
  readonly certificates: readonly CheckedCertificate[]
  readonly problems: readonly CertificateProblem[]
  /**
   * `failed`: there are errors. `incomplete`: what there is could not be seen everywhere. `ends-soon`: a certificate of the
   * cluster ends within the days that were asked for.
   */
  readonly verdict: 'ok' | 'ends-soon' | 'incomplete' | 'failed'
}
