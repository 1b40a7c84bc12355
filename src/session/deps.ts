import type { Catalog } from '../catalog/catalog.ts'
import type { S3BackupConfig } from '../config/cluster-config.ts'
import type { SecretSources } from '../config/secrets/resolve-secrets.ts'
import type { TransportFactory } from '../node/transport/link.ts'
import type { KeySource } from '../pki/encoding/keys.ts'
import type { AuthorityFiles } from '../pki/own/own-authority.ts'
import type { PlanOptions } from '../plan/model/plan-options.ts'
import type { OpenBucket } from '../s3/bucket.ts'
import type { Secret } from '../secret.ts'
import type { StateStore } from '../state/state-store.ts'
import type { Time } from '../time.ts'
import type { EcrLogin } from './connect/registry-logins.ts'

/**
 * What differs between the users of the library, handed in. No operation touches `process`, `console`, a
 * file or a global besides.
 */
export interface Deps {
  /** How a node is reached. */
  readonly transports: TransportFactory
  /** Where the state lives. */
  readonly store: StateStore
  /** Versions, images and flags; the built-in ones by default. */
  readonly catalog?: Catalog
  readonly clock?: () => Date
  /** How waiting is done; by the machine's clock by default. */
  readonly time?: Time
  /** Where private keys come from; Node's own crypto by default. */
  readonly keys?: KeySource
  /**
   * The text of an item of `addons_include`, a path or a URL; `undefined` if there is no such file. Without
   * it a configuration with includes is refused.
   */
  readonly readInclude?: (source: string, signal?: AbortSignal) => Promise<string | undefined>
  /** Asks for the login of a registry of Amazon ECR; AWS itself by default. */
  readonly ecrLogin?: EcrLogin
  /** Opens the bucket of snapshots; by S3's own protocol by default. */
  readonly openBucket?: OpenBucket
  /**
   * Where values come from that the configuration only refers to, as `${env:NAME}` and `${file:PATH}`. Without it a
   * configuration with such values is refused.
   */
  readonly secrets?: SecretSources
  /** Keeps the administrator's kubeconfig; called as soon as there is one, and only if it may have changed. */
  readonly saveKubeconfig?: (kubeconfig: Secret<string>) => Promise<void>
}

export interface RunOptions extends PlanOptions {
  /** Aborted: start nothing new, let what runs finish, and end with a `CancelledError`. */
  readonly signal?: AbortSignal
  /** Aborted: end what runs, too. The next run goes on from whatever is there. */
  readonly abort?: AbortSignal
  /** Path of the local kubeconfig as RKE keeps it in the state: `./kube_config_cluster.yml`. */
  readonly kubeconfigPath?: string
  /**
   * Leave out nodes that cannot be reached, as RKE does, instead of doing nothing. The run then fails at its end
   * and names them. Default: false.
   */
  readonly skipUnreachable?: boolean
  /**
   * Who runs this, for others who want to change the same cluster, the same in each run from one place:
   * `anna@laptop:/home/anna/cluster.yml`. Without it no lease is taken in the cluster.
   */
  readonly owner?: string
  /** An authority of the user's own: the CA of a new cluster, or the key of the CA that an existing one has. */
  readonly authority?: AuthorityFiles
  /** Take the lease on the cluster's changes from whoever has it. Default: false. */
  readonly breakLock?: boolean
}

/** What operations on snapshots take besides. */
export interface SnapshotRunOptions extends RunOptions {
  /**
   * The bucket of this run, in the place of that of the configuration as a whole (`withBucket`). Its keys may be
   * placeholders. Neither the state nor the cluster gets it.
   */
  readonly bucket?: S3BackupConfig
  /** From where the bucket is reached: the first etcd node that is connected, or this machine. Default: `node`. */
  readonly bucketVia?: 'node' | 'local'
}
