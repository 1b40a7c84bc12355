import { SELINUX_TYPE } from '../../container-names.ts'
import type { HostConfigCreate } from '../docker/docker-types.ts'

/** Docker's option for containers that are not confined by SELinux. */
const UNCONFINED = 'label=disable'

export interface BoundFolders {
  /** The helper gets this program's SELinux type, which the node has. Default: it is not confined. */
  readonly selinux?: boolean
  readonly network?: 'none' | 'host'
}

/**
 * The host part of a helper that works in folders of the node. Below v1.22, RKE binds them with `z`, which labels every file in
 * them, and nodes have no SELinux type for such containers. Docker makes a folder that is missing with a label that confined
 * containers may not use, so a helper without the type is not confined; the service that binds the folder with `z` labels it.
 */
export const boundFolders = (
  binds: readonly string[],
  { selinux = false, network = 'none' }: BoundFolders = {},
): HostConfigCreate => ({
  Binds: binds,
  NetworkMode: network,
  SecurityOpt: [selinux ? SELINUX_TYPE : UNCONFINED],
})
