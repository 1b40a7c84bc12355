import type { ClusterConfig, EtcdServiceConfig } from '../../cluster-config.ts'
import { isPositiveDuration } from '../../recurring-snapshots.ts'
import { error, type Finding, warning, when } from '../finding.ts'
import { isCertificate, isGivenHere, isPrivateKey } from '../pem-values.ts'
import { bucketFindings } from './bucket-findings.ts'

const path = ['services', 'etcd']

/** etcd of ours or of others, and its snapshots. */
export function etcdFindings(config: ClusterConfig): readonly Finding[] {
  const { etcd } = config.services
  const { gid, uid } = etcd
  return [
    ...(etcd.externalUrls.length > 0 ? external(etcd) : []),
    ...when(uid !== gid && uid !== 0 && gid !== 0, () =>
      warning([...path, 'gid'], 'has no effect: the uid is used for both', { others: [[...path, 'uid']] }),
    ),
    ...when((uid === 0) !== (gid === 0), () =>
      warning(
        [...path, uid === 0 ? 'gid' : 'uid'],
        'has no effect: uid and gid must both be set',
        `write ${uid === 0 ? 'uid' : 'gid'} with the same number`,
      ),
    ),
    ...snapshots(config),
    ...bucket(etcd),
  ]
}

const pemParts = [
  ['caCert', isCertificate, 'certificate'],
  ['cert', isCertificate, 'certificate'],
  ['key', isPrivateKey, 'private key'],
] as const

function external(etcd: EtcdServiceConfig): readonly Finding[] {
  const needed = (['caCert', 'cert', 'key', 'path'] as const).filter((name) => !etcd[name])
  const urls = etcd.externalUrls.flatMap((url, index) =>
    when(!/^https?:\/\/[^/\s]+$/.test(url), () =>
      warning([...path, 'externalUrls', index], 'is not the URL of an etcd', 'write https://host:2379'),
    ),
  )
  return [
    ...when(needed.length > 0, () =>
      error([...path, 'externalUrls'], 'needs ca_cert, cert, key and path as well', {
        from: needed.map((name) => [...path, name]),
      }),
    ),
    ...pemParts.flatMap(([name, fits, what]) => {
      const given = etcd[name] ?? ''
      return when(given !== '' && isGivenHere(given) && !fits(given), () =>
        error([...path, name], `is not a ${what} in PEM form`),
      )
    }),
    ...urls,
  ]
}

function snapshots(config: ClusterConfig): readonly Finding[] {
  const { backupConfig, creation, retention, snapshot } = config.services.etcd
  if (backupConfig === undefined) {
    return (Object.entries({ creation, retention }) as [string, string][]).flatMap(([key, value]) =>
      when(snapshot && !isPositiveDuration(value), () =>
        warning(
          [...path, key],
          `"${value}" is not a duration above 0, so no recurring snapshots are taken`,
          'write one such as 12h',
        ),
      ),
    )
  }
  const block = [...path, 'backupConfig']
  return [
    ...when(backupConfig.enabled === false && snapshot, () =>
      warning(
        [...block, 'enabled'],
        'no recurring snapshots are taken; RKE 1.6.3 goes on taking them, or fails to',
        'write `snapshot: false` under etcd instead, which means the same to both',
      ),
    ),
    ...(['intervalHours', 'retention', 'timeout'] as const).flatMap((key) =>
      when(backupConfig[key] < 0, () =>
        warning(
          [...block, key],
          key === 'timeout'
            ? 'must not be negative'
            : 'must not be negative: no recurring snapshots are taken',
        ),
      ),
    ),
    ...when(backupConfig.safeTimestamp, () => warning([...block, 'safeTimestamp'], 'has no effect')),
  ]
}

function bucket({ backupConfig }: EtcdServiceConfig): readonly Finding[] {
  const s3 = backupConfig?.s3BackupConfig
  return s3 ? bucketFindings(s3, [...path, 'backupConfig', 's3BackupConfig']) : []
}
