import { CLIENT_PORT } from '../../etcd/members/member-names.ts'
import { SNAPSHOT_FOLDER } from '../../node-paths.ts'
import { certificatePath, keyPath } from '../../pki/inventory/certificate-names.ts'
import type { ContainerSpec } from '../container-spec.ts'
import { kubernetesBind } from '../paths.ts'
import type { ServiceContext } from '../service-context.ts'

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')

/** Takes a snapshot at every interval and deletes those that are too old. It carries no label. */
export function etcdRollingSnapshots(context: ServiceContext): ContainerSpec {
  const { config, node, prefix } = context
  const service = config.services.etcd
  return {
    name: 'etcd-rolling-snapshots',
    image: context.backupImage,
    command: [],
    args: [
      '/opt/rke-tools/rke-etcd-backup',
      'etcd-backup',
      'save',
      '--cacert',
      certificatePath('kube-ca'),
      '--cert',
      certificatePath('kube-node'),
      '--key',
      keyPath('kube-node'),
      '--name',
      'etcd-rolling-snapshots',
      `--endpoints=${node.internalAddress}:${CLIENT_PORT}`,
      ...scheduleFlags(context),
      ...s3Flags(context),
    ],
    env: [...service.extraEnv, ...s3Env(context)],
    binds: [`${SNAPSHOT_FOLDER}/:/backup`, kubernetesBind(prefix)],
    volumesFrom: [],
    network: 'host',
    privileged: false,
    restart: 'always',
    labels: {},
    securityOpt: [],
  }
}

function scheduleFlags({ config }: ServiceContext): readonly string[] {
  const { backupConfig, retention, creation } = config.services.etcd
  if (backupConfig === undefined) return [`--retention=${retention}`, `--creation=${creation}`]
  const { intervalHours, retention: count } = backupConfig
  return [`--creation=${intervalHours}h`, `--retention=${count * intervalHours}h`]
}

function s3Flags({ config }: ServiceContext): readonly string[] {
  const s3 = config.services.etcd.backupConfig?.s3BackupConfig
  if (!s3) return []
  return [
    '--s3-backup=true',
    `--s3-endpoint=${s3.endpoint ?? ''}`,
    `--s3-bucketName=${s3.bucketName ?? ''}`,
    `--s3-region=${s3.region ?? ''}`,
    ...(s3.customCa ? [`--s3-endpoint-ca=${base64(s3.customCa)}`] : []),
    ...(s3.folder ? [`--s3-folder=${s3.folder}`] : []),
  ]
}

function s3Env({ config }: ServiceContext): readonly string[] {
  const s3 = config.services.etcd.backupConfig?.s3BackupConfig
  if (!s3 || (!s3.accessKey && !s3.secretKey)) return []
  return [`S3_ACCESS_KEY=${base64(s3.accessKey ?? '')}`, `S3_SECRET_KEY=${base64(s3.secretKey ?? '')}`]
}
