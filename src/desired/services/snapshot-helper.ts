import type { BackupConfig, ClusterConfig, S3BackupConfig } from '../../config/cluster-config.ts'
import { bucketOf } from '../../config/snapshot-bucket.ts'
import { CLIENT_PORT } from '../../etcd/members/member-names.ts'
import { SNAPSHOT_FOLDER } from '../../node-paths.ts'
import { certificatePath, keyPath } from '../../pki/inventory/certificate-names.ts'
import type { ContainerSpec } from '../container-spec.ts'
import { kubernetesBind, labelled } from '../paths.ts'

/** What each container of the backup image is made from, whatever it is to do. */
export interface SnapshotHelper {
  readonly name: string
  /** The backup image. */
  readonly image: string
  /** The node's prefix path. */
  readonly prefix: string
  /** With the secrets of the bucket filled in. */
  readonly config: Pick<ClusterConfig, 'services' | 'kubernetesVersion'>
  /** After the program and its sub-command group: `save`, `--name`, … */
  readonly args: readonly string[]
  /** Where its `/backup` is on the node; the folder of snapshots by default. */
  readonly folder?: string
}

/**
 * A container of the backup image, as RKE makes all of them: in the host's network, with the folder of snapshots as
 * `/backup`, and with the bucket's keys in its environment, never in its arguments. It carries no label. Without `restart`
 * it is Docker's `no`.
 */
export function snapshotHelper(helper: SnapshotHelper): ContainerSpec {
  const { args, config, folder = SNAPSHOT_FOLDER, image, name, prefix } = helper
  const version = config.kubernetesVersion
  return {
    name,
    image,
    command: [],
    args: ['/opt/rke-tools/rke-etcd-backup', 'etcd-backup', ...args],
    env: [...config.services.etcd.extraEnv, ...bucketEnvironment(bucketOf(config))],
    binds: [labelled(version, `${folder}/:/backup`), kubernetesBind(prefix, version)],
    volumesFrom: [],
    network: 'host',
    privileged: false,
    labels: {},
    securityOpt: [],
  }
}

/** The arguments of `save` up to the member it asks, in RKE's order. */
export const saveArguments = (name: string, internalAddress: string): readonly string[] => [
  'save',
  '--cacert',
  certificatePath('kube-ca'),
  '--cert',
  certificatePath('kube-node'),
  '--key',
  keyPath('kube-node'),
  '--name',
  name,
  `--endpoints=${internalAddress}:${CLIENT_PORT}`,
]

/** How often snapshots are taken and how long they are kept, both in hours. */
export const intervalArguments = ({ intervalHours, retention }: BackupConfig): readonly string[] => [
  `--creation=${intervalHours}h`,
  `--retention=${retention * intervalHours}h`,
]

/** The arguments that name the bucket, in RKE's order; none without one. */
export function bucketArguments(bucket: S3BackupConfig | undefined): readonly string[] {
  if (bucket === undefined) return []
  return [
    '--s3-backup=true',
    `--s3-endpoint=${bucket.endpoint ?? ''}`,
    `--s3-bucketName=${bucket.bucketName ?? ''}`,
    `--s3-region=${bucket.region ?? ''}`,
    ...(bucket.customCa ? [`--s3-endpoint-ca=${base64(bucket.customCa)}`] : []),
    ...(bucket.folder ? [`--s3-folder=${bucket.folder}`] : []),
  ]
}

/** Without both keys the helper uses the node's own AWS credentials. */
function bucketEnvironment(bucket: S3BackupConfig | undefined): readonly string[] {
  const { accessKey = '', secretKey = '' } = bucket ?? {}
  if (accessKey === '' && secretKey === '') return []
  return [`S3_ACCESS_KEY=${base64(accessKey)}`, `S3_SECRET_KEY=${base64(secretKey)}`]
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')
