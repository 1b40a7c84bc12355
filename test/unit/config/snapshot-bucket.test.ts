import { describe, expect, test } from 'vitest'
import type { S3BackupConfig } from '../../../src/config/cluster-config.ts'
import { withBucket } from '../../../src/config/snapshot-bucket.ts'
import { load as loaded, oneNode } from './one-node.ts'

const load = (etcd: string) => loaded(oneNode(`services: {etcd: ${etcd}}`)).config

const other: S3BackupConfig = { endpoint: 's3.example.net', bucketName: 'other', folder: 'f' }

describe('the bucket of one run', () => {
  test('takes the place of that of the file as a whole; interval, number and time limit stay', () => {
    const config = load(
      '{backup_config: {interval_hours: 6, retention: 28, timeout: 60, s3backupconfig: {endpoint: e, bucket_name: b, region: r, access_key: k, secret_key: s}}}',
    )
    expect(withBucket(config, other).services.etcd.backupConfig).toMatchObject({
      intervalHours: 6,
      retention: 28,
      timeout: 60,
      s3BackupConfig: { endpoint: 's3.example.net', bucketName: 'other', folder: 'f' },
    })
    expect(withBucket(config, other).services.etcd.backupConfig?.s3BackupConfig).toEqual(other)
    expect(config.services.etcd.backupConfig?.s3BackupConfig?.bucketName).toBe('b')
  })

  test('makes a backup_config with its defaults where there is none', () => {
    expect(withBucket(load('{}'), other).services.etcd.backupConfig).toEqual({
      intervalHours: 12,
      retention: 6,
      timeout: 300,
      safeTimestamp: false,
      s3BackupConfig: other,
    })
  })

  test('that is not given leaves the configuration as it is', () => {
    const config = load('{}')
    expect(withBucket(config, undefined)).toBe(config)
  })
})
