import type { S3ClientConfig } from '@aws-sdk/client-s3'
import { S3Error } from '../errors.ts'
import { failureText } from '../failure-text.ts'
import { realTime } from '../time.ts'
import type { BucketAccess, BucketPlace } from './bucket.ts'
import type { Connections } from './connections.ts'
import { roleCredentials } from './role-credentials.ts'

const never = new AbortController().signal

/**
 * What requests are signed with: the keys, or those of the role of the machine that the bucket is reached through.
 * @throws S3Error of kind `access-key` or `secret-key` if there is only the other one.
 */
export function credentialsFor(
  { environment, keys }: BucketPlace,
  { readFile, through, time = realTime }: BucketAccess,
  connections: Connections,
): Pick<S3ClientConfig, 'credentials'> {
  if (keys !== undefined) {
    const { accessKey: accessKeyId, secretKey: secretAccessKey } = keys.reveal()
    if (accessKeyId === '') throw oneKey('access-key', 'access_key')
    if (secretAccessKey === '') throw oneKey('secret-key', 'secret_key')
    return { credentials: { accessKeyId, secretAccessKey } }
  }
  const sources = {
    connections,
    environment,
    time,
    readFile:
      readFile ??
      (async (path: string) => {
        throw new TypeError(`${path} cannot be read here`)
      }),
  }
  return {
    credentials: async () => {
      try {
        return await roleCredentials(sources, never)
      } catch (thrown) {
        throw new S3Error('no-role', 'there are no keys for the bucket, and the machine has no role', {
          why: failureText(thrown),
          cause: thrown,
          hint: 'write access_key and secret_key in s3backupconfig, or give the machine a role that may use the bucket',
          ...(through !== undefined && { host: through.address }),
        })
      }
    },
  }
}

const oneKey = (kind: 'access-key' | 'secret-key', key: string): S3Error =>
  new S3Error(kind, `${key} of s3backupconfig is missing`, {
    why: '',
    hint: 'write both keys, or none of them to use the role of the machine',
  })
