import type { ClusterInput, DeepPartial, S3BackupConfig } from './cluster-config.ts'

/** Parts of the configuration that a command line replaces before anything is filled in. */
export interface Overrides {
  /** `--local`: the cluster is this one machine, whatever nodes the file names. */
  readonly local?: {
    /** The machine's address in its network; pods cannot reach the API server at 127.0.0.1. */
    readonly internalAddress?: string
  }
  /** `--s3` and its companions: replaces the bucket that the file names. */
  readonly s3?: DeepPartial<S3BackupConfig>
  /** A rotation of certificates; `{}` rotates all of them but the CA. */
  readonly rotateCertificates?: { readonly caCertificates?: boolean; readonly services?: readonly string[] }
}

const localNode = {
  address: '127.0.0.1',
  hostnameOverride: 'localhost',
  user: 'root',
  role: ['controlplane', 'worker', 'etcd'],
}

/** The configuration with the command line's wishes in it. */
export function override(input: ClusterInput, { local, rotateCertificates, s3 }: Overrides): ClusterInput {
  const etcd = input.services?.etcd
  return {
    ...input,
    ...(local === undefined ? {} : { nodes: [{ ...localNode, ...local }] }),
    ...(s3 === undefined
      ? {}
      : {
          services: {
            ...input.services,
            etcd: { ...etcd, backupConfig: { ...etcd?.backupConfig, s3BackupConfig: s3 } },
          },
        }),
    ...(rotateCertificates === undefined
      ? {}
      : {
          rotateCertificates: { ...rotateCertificates, services: [...(rotateCertificates.services ?? [])] },
        }),
  }
}
