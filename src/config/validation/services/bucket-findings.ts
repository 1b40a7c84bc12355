import type { S3BackupConfig } from '../../cluster-config.ts'
import { error, type Finding, warning, when } from '../finding.ts'
import { isCertificate, isGivenHere } from '../pem-values.ts'

/** What is wrong with a bucket; paths begin with `block`, which holds it. */
export function bucketFindings(bucket: S3BackupConfig, block: Finding['path']): readonly Finding[] {
  const { accessKey = '', bucketName, customCa = '', endpoint, secretKey = '' } = bucket
  return [
    ...when(endpoint === '', () =>
      error([...block, 'endpoint'], 'is missing', 'write the host, such as s3.amazonaws.com'),
    ),
    ...when(bucketName === '', () => error([...block, 'bucketName'], 'is missing')),
    ...when(customCa !== '' && isGivenHere(customCa) && !isCertificate(customCa), () =>
      error([...block, 'customCa'], 'is not a certificate in PEM form'),
    ),
    ...when(/^[a-z]+:\/\//.test(endpoint), () =>
      warning([...block, 'endpoint'], 'must be a host without a scheme', 'remove https://'),
    ),
    ...when((accessKey === '') !== (secretKey === ''), () =>
      warning([...block, accessKey === '' ? 'accessKey' : 'secretKey'], 'is missing; the keys go together'),
    ),
  ]
}
