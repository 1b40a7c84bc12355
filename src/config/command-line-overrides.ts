import type { ClusterInput } from './cluster-config.ts'

/** Parts of the configuration that a command line replaces before anything is filled in. */
export interface Overrides {
  /** `--local`: the cluster is this one machine, whatever nodes the file names. */
  readonly local?: {
    /** The machine's address in its network; pods cannot reach the API server at 127.0.0.1. */
    readonly internalAddress?: string
  }
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
export function override(input: ClusterInput, { local, rotateCertificates }: Overrides): ClusterInput {
  return {
    ...input,
    ...(local === undefined ? {} : { nodes: [{ ...localNode, ...local }] }),
    ...(rotateCertificates === undefined
      ? {}
      : {
          rotateCertificates: { ...rotateCertificates, services: [...(rotateCertificates.services ?? [])] },
        }),
  }
}
