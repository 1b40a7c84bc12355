import { z } from 'zod'
import {
  always,
  flag,
  integer,
  optionalText,
  ruled,
  secretText,
  text,
  texts,
  whenSet,
} from '../reading/field-rules.ts'
import { serviceBase } from './service-base.ts'

/** Where snapshots are copied to: an S3 bucket. `customCa` is PEM text. */
export const s3BackupSchema = z.object({
  accessKey: secretText("Access key. Without both keys the nodes' own AWS credentials are used."),
  secretKey: secretText('Secret key that belongs to the access key.'),
  bucketName: text({ about: 'Name of the bucket.', required: true }),
  region: optionalText('Region of the bucket.'),
  endpoint: always(
    text({
      about: 'Host of the S3 service, such as `s3.amazonaws.com`, without `https://`.',
      required: true,
    }),
  ),
  customCa: optionalText({
    about: 'Certificate authority of the endpoint, in PEM form.',
    placeholders: true,
  }),
  folder: optionalText('Folder inside the bucket.'),
})

/** Recurring snapshots: every `intervalHours`, the newest `retention` are kept; `timeout` in seconds. */
export const backupConfigSchema = z.object({
  enabled: whenSet(z.boolean().optional(), {
    about:
      '`false` switches recurring snapshots off, which in RKE only `snapshot: false` does; the other keys of this block then get no defaults.',
  }),
  intervalHours: integer({ about: 'Hours between snapshots.', default: 12 }),
  retention: integer({ about: 'How many snapshots are kept.', default: 6 }),
  s3BackupConfig: always(s3BackupSchema.nullable(), {
    about: 'Bucket that snapshots are copied to.',
    yaml: 's3backupconfig',
  }),
  safeTimestamp: flag('Has no effect.'),
  timeout: integer({ about: 'Seconds a snapshot may take.', default: 300 }),
})

export const etcdServiceSchema = z.object({
  ...serviceBase,
  externalUrls: texts('URLs of an external etcd. No node may then have the role etcd.'),
  caCert: optionalText({
    about: 'Certificate authority of the external etcd, in PEM form.',
    placeholders: true,
  }),
  cert: optionalText({ about: 'Client certificate for the external etcd, in PEM form.', placeholders: true }),
  key: secretText('Private key of the client certificate, in PEM form.'),
  path: optionalText('Prefix of all keys in the external etcd, such as `/registry`.'),
  uid: integer(
    'User id that etcd runs as. Has no effect without `gid`; 0 is root. A running etcd keeps running as root until another change replaces it.',
  ),
  gid: integer('Group id; required with `uid`, and should equal it.'),
  snapshot: whenSet(z.boolean(), { about: 'Take recurring snapshots.', default: true }),
  retention: text({
    about: 'How long snapshots are kept, such as `72h`. No effect with `backup_config`.',
    default: '72h',
  }),
  creation: text({
    about: 'Time between snapshots, such as `12h`. No effect with `backup_config`.',
    default: '12h',
  }),
  backupConfig: ruled(backupConfigSchema.optional(), 'How often snapshots are taken, and where they go.'),
})
