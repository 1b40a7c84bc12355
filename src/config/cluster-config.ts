import type { z } from 'zod'
import type { clusterConfigSchema } from './schema/cluster.ts'

/**
 * A cluster's configuration after defaulting, in the spelling of the state file. Produced by `loadConfig` from
 * cluster.yml and by the state file's reader; written by `toStateForm`.
 */
export type ClusterConfig = z.output<typeof clusterConfigSchema>

/** A configuration as given: anything may be missing. */
export type ClusterInput = DeepPartial<ClusterConfig>

export type ClusterNode = ClusterConfig['nodes'][number]
export type ServicesConfig = ClusterConfig['services']
export type ServiceName = keyof ServicesConfig
export type EtcdServiceConfig = ServicesConfig['etcd']
export type BackupConfig = NonNullable<EtcdServiceConfig['backupConfig']>
export type S3BackupConfig = NonNullable<BackupConfig['s3BackupConfig']>
export type KubeApiServiceConfig = ServicesConfig['kubeApi']
export type NetworkConfig = ClusterConfig['network']
export type IngressConfig = ClusterConfig['ingress']
export type DnsConfig = ClusterConfig['dns']
export type UpdateStrategy = NonNullable<NetworkConfig['updateStrategy']>
export type Toleration = NetworkConfig['tolerations'][number]
export type CloudProviderConfig = ClusterConfig['cloudProvider']
export type BastionHost = ClusterConfig['bastionHost']
export type PrivateRegistry = ClusterConfig['privateRegistries'][number]
export type UpgradeStrategy = ClusterConfig['upgradeStrategy']
export type { SystemImage, SystemImages } from './schema/system-images.ts'

/** Every member optional, at every depth; lists keep their shape, with partial elements. */
export type DeepPartial<T> = T extends readonly (infer E)[]
  ? DeepPartial<E>[]
  : T extends object
    ? { [K in keyof T]?: DeepPartial<T[K]> | undefined }
    : T
