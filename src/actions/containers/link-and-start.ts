import type { ContainerSpec } from '../../desired/container-spec.ts'
import { linkLog, unlinkOthers } from '../../node/files/log-links.ts'
import type { ActionContext } from '../action-handler.ts'

interface Startable {
  readonly node: string
  readonly container: ContainerSpec
  readonly helperImage: string
  readonly dockerRootDir: string
  readonly mayHaveOtherLinks: boolean
}

/**
 * Starts a container that is there, its log link first: a run that ends in between leaves a container that was
 * never started, which the next run starts, with a link. A container that only lends its volume stays as it is.
 */
export async function linkAndStart(
  action: Startable,
  id: string,
  { node, signal }: ActionContext,
): Promise<void> {
  const { container, helperImage, dockerRootDir } = action
  if (container.createdOnly) return
  const target = node(action.node)
  const { name } = container
  await linkLog(target, { name, id, dockerRootDir, image: helperImage })
  if (action.mayHaveOtherLinks) await unlinkOthers(target, { name, keep: id, image: helperImage }, signal)
  await target.docker.startContainer(id)
}
