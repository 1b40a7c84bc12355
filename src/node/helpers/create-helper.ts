import { DockerError } from '../../errors.ts'
import type { CreateRequest } from '../docker/docker-types.ts'
import type { Node } from '../node.ts'

/**
 * Makes a helper container in the place of any other of its name. A request that was under way when a connection broke
 * may still be carried out after the name was made free: then it is made free once more.
 */
export async function createHelper(
  node: Node,
  name: string,
  spec: CreateRequest,
): Promise<{ readonly id: string }> {
  const { docker } = node
  const free = (): Promise<void> => docker.removeContainer(name, { force: true, volumes: true })
  await free()
  try {
    return await docker.createContainer(name, spec)
  } catch (error) {
    if (!(error instanceof DockerError && error.message.includes('is already in use by container')))
      throw error
    await free()
    return await docker.createContainer(name, spec)
  }
}
