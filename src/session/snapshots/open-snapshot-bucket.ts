import type { ClusterConfig } from '../../config/cluster-config.ts'
import { bucketOf } from '../../config/snapshot-bucket.ts'
import type { Emit } from '../../engine/events.ts'
import { RkeError } from '../../errors.ts'
import type { Node } from '../../node/node.ts'
import { nodesWithRole } from '../../role.ts'
import type { Bucket, BucketAccess, BucketPlace } from '../../s3/bucket.ts'
import { openBucket } from '../../s3/open-bucket.ts'
import { Secret } from '../../secret.ts'
import type { Deps, SnapshotRunOptions } from '../deps.ts'
import { endOf } from '../end-of-run.ts'

export interface BucketOperation {
  readonly deps: Deps
  readonly options: SnapshotRunOptions
  readonly emit: Emit
}

/**
 * The bucket of snapshots, opened through the first etcd node that is connected, or from this machine; `undefined` if the configuration
 * has none. Close it.
 * @param config with the bucket of the run (`withBucket`), secrets filled in
 * @throws S3Error if it cannot be used; `RkeError` if no etcd node is connected.
 */
export async function openSnapshotBucket(
  config: ClusterConfig,
  nodes: ReadonlyMap<string, Node>,
  { deps, emit, options }: BucketOperation,
): Promise<Bucket | undefined> {
  const s3 = bucketOf(config)
  if (s3 === undefined) return undefined
  const isLocal = options.bucketVia === 'local'
  const { accessKey = '', customCa, endpoint, folder, region, secretKey = '' } = s3
  const place: BucketPlace = {
    endpoint: endpoint ?? '',
    bucket: s3.bucketName ?? '',
    region,
    folder,
    customCa,
    ...((accessKey !== '' || secretKey !== '') && { keys: new Secret({ accessKey, secretKey }) }),
    environment: isLocal ? ownEnvironment(deps) : config.services.etcd.extraEnv,
  }
  const readFile = deps.secrets?.readFile
  const way: BucketAccess = isLocal
    ? { ...(readFile && { readFile: (path) => readFile(path) }) }
    : { through: firstMember(config, nodes) }
  const access: BucketAccess = {
    ...way,
    time: deps.time,
    clock: deps.clock,
    onProgress: (text) => emit({ type: 'notice', level: 'info', area: 's3', text }),
  }
  return await (deps.openBucket ?? openBucket)(place, access, endOf(options))
}

function firstMember({ nodes: configured }: ClusterConfig, nodes: ReadonlyMap<string, Node>): Node {
  for (const { address } of nodesWithRole(configured, 'etcd')) {
    const node = nodes.get(address)
    if (node !== undefined) return node
  }
  throw new RkeError('no etcd node is connected by which the bucket could be reached', {
    hint: 'reach it from this machine: --s3-via local',
  })
}

/** Variables of this machine, in the form of those of containers. */
function ownEnvironment({ secrets }: Deps): readonly string[] {
  return Object.entries(secrets?.env ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  )
}
