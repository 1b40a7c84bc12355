import { DockerError } from '../errors.ts'
import type { ContainerInspect, DockerInfo } from '../node/docker/docker-types.ts'
import type { Node } from '../node/node.ts'
import { SNAPSHOT_MOUNT } from '../node-paths.ts'
import type { ObservedRecurring } from './observed-node.ts'

/** What only warnings follow from stops no run, as of a container that Docker could not remove. */
function unasked(error: unknown): undefined {
  if (!(error instanceof DockerError)) throw error
}

/** Docker is asked for one time only: no container is started, and no snapshot is read. */
export async function observeRecurring(
  node: Node,
  container: ContainerInspect | undefined,
  { SystemTime }: Pick<DockerInfo, 'SystemTime'>,
): Promise<ObservedRecurring | undefined> {
  if (container === undefined) return undefined
  const folder = await node.docker.statOf(container.Id, SNAPSHOT_MOUNT).catch(unasked)
  if (folder === undefined) return undefined
  const now = Date.parse(SystemTime)
  return {
    runsMs: now - Date.parse(container.State.StartedAt),
    unchangedMs: now - folder.modified.getTime(),
  }
}
