import type { ContainerSpec } from '../desired/container-spec.ts'
import { linkLog } from '../node/log-links.ts'
import type { ActionContext } from './action-handler.ts'

interface Startable {
  readonly node: string
  readonly container: ContainerSpec
  readonly helperImage: string
  readonly dockerRootDir: string
}

/**
 * Starts a container that is there, its log link first: a run that ends in between leaves a container that was
 * never started, which the next run starts, with a link. A container that only lends its volume stays as it is.
 */
export async function linkAndStart(action: Startable, id: string, { node }: ActionContext): Promise<void> {
  const { container, helperImage, dockerRootDir } = action
  if (container.createdOnly) return
  const target = node(action.node)
  await linkLog(target, { name: container.name, id, dockerRootDir, image: helperImage })
  await target.docker.startContainer(id)
}
