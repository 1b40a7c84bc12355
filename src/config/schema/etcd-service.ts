import { z } from 'zod'
import { always, flag, integer, optionalText, ruled, text, texts, whenSet } from './field-rules.ts'
import { serviceBase } from './service-base.ts'

/** Where snapshots are copied to: an S3 bucket. `customCa` is PEM text. */
export const s3BackupSchema = z.object({
  accessKey: optionalText(),
  secretKey: optionalText(),
  bucketName: text(),
  region: optionalText(),
  endpoint: always(text()),
  customCa: optionalText(),
  folder: optionalText(),
})

/** Recurring snapshots: every `intervalHours`, the newest `retention` are kept; `timeout` in seconds. */
export const backupConfigSchema = z.object({
  enabled: whenSet(z.boolean().optional()),
  intervalHours: integer(),
  retention: integer(),
  s3BackupConfig: always(s3BackupSchema.nullable(), { yaml: 's3backupconfig' }),
  safeTimestamp: flag(),
  timeout: integer(),
})

export const etcdServiceSchema = z.object({
  ...serviceBase,
  /** Endpoints of an etcd that is not ours; then no node may have the role etcd. */
  externalUrls: texts(),
  caCert: optionalText(),
  cert: optionalText(),
  key: optionalText(),
  path: optionalText(),
  uid: integer(),
  gid: integer(),
  snapshot: whenSet(z.boolean()),
  /** Go duration text; used only without `backupConfig`. */
  retention: text(),
  creation: text(),
  backupConfig: ruled(backupConfigSchema.optional(), {}),
})
