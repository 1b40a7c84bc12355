import { HELPER } from '../../container-names.ts'
import { createHelper } from '../helpers/create-helper.ts'
import type { Node } from '../node.ts'

/**
 * Notes on a node that a restore gets a snapshot there: a container that is never started, so that whoever lists the containers sees
 * what a killed run has left. It goes with the scratch folder (`deleteScratch`). One that is there stays.
 * @param image is on the node, and has `rm`
 */
export async function markFetched(node: Node, image: string): Promise<void> {
  if ((await node.docker.inspectContainer(HELPER.fetchedSnapshot)) !== undefined) return
  await createHelper(node, HELPER.fetchedSnapshot, {
    Image: image,
    Cmd: ['true'],
    HostConfig: { Binds: [], NetworkMode: 'none' },
  })
}
