import { HELPER } from '../../container-names.ts'
import { SCRATCH_FOLDER } from '../../node-paths.ts'
import { boundFolders } from '../helpers/bound-folders.ts'
import { runChecked } from '../helpers/run-once.ts'
import type { Node } from '../node.ts'

export interface ScratchRequest {
  /** Has `rm`; on the node. */
  readonly image: string
  /** The helper gets the SELinux type of this program (`usesSelinuxType`). */
  readonly selinux: boolean
  readonly signal?: AbortSignal
}

/** Deletes the scratch folder of a restore on a node, with all that is in it, and then what says that there is one. */
export async function deleteScratch(node: Node, { image, selinux, signal }: ScratchRequest): Promise<void> {
  await runChecked(node, {
    name: HELPER.moveEtcdData,
    container: {
      Image: image,
      Cmd: ['rm', '-rf', SCRATCH_FOLDER],
      HostConfig: boundFolders(['/opt/rke:/opt/rke'], { selinux }),
    },
    ...(signal && { signal }),
  })
  await node.docker.removeContainer(HELPER.fetchedSnapshot, {
    force: true,
    volumes: true,
    ...(signal && { signal }),
  })
}
