import { randomBytes } from 'node:crypto'
import { helperOf, isNamedApart } from '../../container-names.ts'
import { DockerError } from '../../errors.ts'
import type { CreateRequest } from '../docker/docker-types.ts'
import type { Node } from '../node.ts'

/**
 * Makes a helper container in the place of any other of its name. A request that was under way when a connection broke
 * may still be carried out after the name was made free: then it is made free once more. Where others may use the same helper
 * at the same time it has a name of its own, and what a killed run has left long ago is removed.
 */
export async function createHelper(
  node: Node,
  name: string,
  spec: CreateRequest,
): Promise<{ readonly id: string }> {
  if (isNamedApart(name)) return createApart(node, name, spec)
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

/** Longer than any such helper may run. */
const ABANDONED_SECONDS = 2 * 60 * 60

async function createApart(
  { docker }: Node,
  helper: string,
  spec: CreateRequest,
): Promise<{ readonly id: string }> {
  const created = await docker.createContainer(`${helper}-${randomBytes(4).toString('hex')}`, spec)
  // Without the list nothing is removed: the caller has to get the container that it is to remove.
  const all = (await docker.listContainers().catch(() => [])).filter(({ names }) =>
    names.some((one) => helperOf(one) === helper),
  )
  // The age of others by the node's own clock: this one was created just now.
  const now = all.find(({ id }) => id === created.id)?.created ?? 0
  const abandoned = all.filter((one) => one.created < now - ABANDONED_SECONDS)
  for (const { id } of abandoned) {
    await docker.removeContainer(id, { force: true, volumes: true }).catch(() => undefined)
  }
  return created
}
