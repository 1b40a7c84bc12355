import type { Node } from '../node.ts'
import { createHelper } from './create-helper.ts'

export interface HelperContainer {
  readonly name: string
  /** Must be on the node; what is in it does not matter, as it is not started. */
  readonly image: string
  readonly binds: readonly string[]
}

/**
 * Lends a container that is never started, for reading and writing files below its binds: Docker mounts the
 * binds of a stopped container too when it copies files, and makes missing folders on the node.
 */
export async function withHelper<T>(
  node: Node,
  helper: HelperContainer,
  use: (id: string) => Promise<T>,
): Promise<T> {
  const { docker } = node
  const { id } = await createHelper(node, helper.name, {
    Image: helper.image,
    // Docker wants a command for a container, and some images have none.
    Cmd: ['true'],
    HostConfig: { Binds: helper.binds, NetworkMode: 'none' },
  })
  try {
    return await use(id)
  } finally {
    await docker.removeContainer(id, { force: true, volumes: true }).catch(() => undefined)
  }
}
