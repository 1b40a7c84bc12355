/**
 * One certificate as the state file's `certificatesBundle` holds it, with the state file's own member names.
 * Every member is always there, "" where it does not apply.
 */
export interface CertificateEntry {
  /**
   * PEM text with a final line break. RKE stores one certificate; while an authority is being replaced, that of an authority
   * holds the other one besides, and a certificate can be followed by those between it and its authority. The first one is
   * the entry's own; nodes and TLS get all of them.
   */
  readonly certificatePEM: string
  /**
   * PKCS#1 PEM text, or SEC 1 for an authority's own on an elliptic curve; "" if the key is not known. That of the service account tokens can be followed by public keys whose
   * tokens are accepted besides; nodes get all of it.
   */
  readonly keyPEM: string
  /** A kubeconfig, for the certificates that have one. */
  readonly config: string
  readonly name: string
  readonly commonName: string
  readonly ouName: string
  readonly envName: string
  /** Path of the certificate on the nodes. */
  readonly path: string
  readonly keyEnvName: string
  readonly keyPath: string
  readonly configEnvName: string
  /** Path of the kubeconfig on the nodes; for `kube-admin` the local path. */
  readonly configPath: string
}

/** All certificates of a cluster by name. */
export type CertificatesBundle = Readonly<Record<string, CertificateEntry>>

/** The members of an entry, in the order of the state file. */
export const certificateEntryKeys = [
  'certificatePEM',
  'keyPEM',
  'config',
  'name',
  'commonName',
  'ouName',
  'envName',
  'path',
  'keyEnvName',
  'keyPath',
  'configEnvName',
  'configPath',
] as const satisfies readonly (keyof CertificateEntry)[]
