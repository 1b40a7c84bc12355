import { describe, expect, test } from 'vitest'
import { etcdSnapshotOnce } from '../../../../src/desired/services/etcd-snapshot-once.ts'
import { load, oneNode } from '../../config/one-node.ts'

const once = (etcd: string, internalAddress = '10.0.0.11') =>
  etcdSnapshotOnce({
    snapshot: 'before',
    image: 'rancher/rke-tools:v0.1.103',
    prefix: '/',
    node: { internalAddress },
    config: load(oneNode(`services: {etcd: ${etcd}}`)).config,
  })

const CERTIFICATES = [
  '--cacert',
  '/etc/kubernetes/ssl/kube-ca.pem',
  '--cert',
  '/etc/kubernetes/ssl/kube-node.pem',
  '--key',
  '/etc/kubernetes/ssl/kube-node-key.pem',
]

describe('the container of a save is that of RKE', () => {
  test('without a backup_config: no interval, no bucket', () => {
    expect(once('{}')).toEqual({
      name: 'etcd-snapshot-once',
      image: 'rancher/rke-tools:v0.1.103',
      command: [],
      args: [
        '/opt/rke-tools/rke-etcd-backup',
        'etcd-backup',
        'save',
        ...CERTIFICATES,
        '--name',
        'before',
        '--endpoints=10.0.0.11:2379',
        '--once',
      ],
      env: [],
      binds: ['/opt/rke/etcd-snapshots/:/backup', '/etc/kubernetes:/etc/kubernetes'],
      volumesFrom: [],
      network: 'host',
      privileged: false,
      labels: {},
      securityOpt: [],
    })
  })

  test('with a bucket: interval, bucket, and the keys in the environment behind that of the user', () => {
    const { args, env } = once(
      '{extra_env: [HTTPS_PROXY=http://p:3128], backup_config: {interval_hours: 6, retention: 28, s3backupconfig: {endpoint: e, bucket_name: b, folder: f, access_key: key, secret_key: secret}}}',
    )
    expect(args.slice(-9)).toEqual([
      '--endpoints=10.0.0.11:2379',
      '--once',
      '--creation=6h',
      '--retention=168h',
      '--s3-backup=true',
      '--s3-endpoint=e',
      '--s3-bucketName=b',
      '--s3-region=',
      '--s3-folder=f',
    ])
    expect(env).toEqual(['HTTPS_PROXY=http://p:3128', 'S3_ACCESS_KEY=a2V5', 'S3_SECRET_KEY=c2VjcmV0'])
  })

  test('never with an interval of 0, with which the helper refuses to run', () => {
    const { args } = once('{backup_config: {enabled: false}}')
    expect(args.filter((argument) => /creation|retention/.test(argument))).toEqual([])
  })
})
