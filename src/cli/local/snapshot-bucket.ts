import type { S3BackupConfig } from '../../config/cluster-config.ts'
import { bucketFindings } from '../../config/validation/services/bucket-findings.ts'
import { UsageError } from '../../errors.ts'
import { readText } from '../../files/read-file.ts'
import type { SnapshotRunOptions } from '../../session/deps.ts'
import type { Renderer } from '../output/renderers/renderer.ts'
import type { Flags } from '../parsing/flags.ts'

const STEP = 'read the command line'

/** The flag of each key of a bucket. */
const FLAGS = {
  accessKey: 'access-key',
  secretKey: 'secret-key',
  bucketName: 'bucket-name',
  region: 'region',
  endpoint: 's3-endpoint',
  customCa: 's3-endpoint-ca',
  folder: 'folder',
} as const satisfies Record<keyof S3BackupConfig, string>

/** The largest file of authorities that is read. */
const LARGEST_CA = 4 * 1024 * 1024

/**
 * The bucket that `--s3` and its companions name, which takes the place of that of the cluster file (`withBucket`);
 * `undefined` without `--s3`: then the file decides, and the other flags have no effect, as in RKE. Keys may be placeholders:
 * `${env:NAME}`.
 * @throws UsageError where the bucket or the host is missing, or the file of the authority cannot be used. RKE goes on without
 * that one.
 */
export async function bucketOfFlags(
  flags: Flags,
  { say }: Pick<Renderer, 'say'>,
): Promise<S3BackupConfig | undefined> {
  if (!flags.on('s3')) {
    const ignored = Object.values(FLAGS).filter((flag) => flag !== FLAGS.endpoint && flags.text(flag) !== '')
    for (const flag of ignored) say('warning', `[s3] --${flag} has no effect without --s3`)
    return undefined
  }
  const bucket: S3BackupConfig = {
    accessKey: flags.text(FLAGS.accessKey),
    secretKey: flags.text(FLAGS.secretKey),
    bucketName: flags.text(FLAGS.bucketName),
    region: flags.text(FLAGS.region),
    endpoint: flags.text(FLAGS.endpoint),
    customCa: await authority(flags.text(FLAGS.customCa)),
    folder: flags.text(FLAGS.folder),
  }
  for (const { hint, message, path, severity } of bucketFindings(bucket, [])) {
    const flag = flagOf(path[0])
    if (severity === 'error')
      throw new UsageError(`--${flag} ${message}`, { step: STEP, ...(hint && { hint }) })
    say('warning', `[s3] --${flag} ${message}${hint === undefined ? '' : `: ${hint}`}`)
  }
  return bucket
}

/** The bucket of a run and the way to it, as operations take them. */
export async function bucketOptions(
  flags: Flags,
  renderer: Pick<Renderer, 'say'>,
): Promise<Pick<SnapshotRunOptions, 'bucket' | 'bucketVia'>> {
  const bucket = await bucketOfFlags(flags, renderer)
  return { ...(bucket && { bucket }), bucketVia: flags.text('s3-via') === 'local' ? 'local' : 'node' }
}

const flagOf = (key: string | number | undefined): string =>
  Object.entries(FLAGS).find(([name]) => name === key)?.[1] ?? 's3'

async function authority(path: string): Promise<string> {
  if (path === '') return ''
  try {
    return await readText(path, LARGEST_CA)
  } catch (cause) {
    throw new UsageError(`the file ${path} of --${FLAGS.customCa} cannot be read`, {
      step: STEP,
      cause,
      hint: 'name the file of the certificate authority of the S3 host, in PEM form',
    })
  }
}
