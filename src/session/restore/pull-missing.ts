import type { Emit } from '../../engine/events.ts'
import { inParallel } from '../../in-parallel.ts'
import type { Node } from '../../node/node.ts'
import type { MachineAccess } from '../connect/machine-access.ts'

const PARALLEL = 50

/** Pulls an image to the nodes that do not have it: without it nothing on them can be read. */
export async function pullMissing(
  nodes: readonly Node[],
  image: string,
  { credentials }: Pick<MachineAccess, 'credentials'>,
  emit: Emit,
  signal: AbortSignal,
): Promise<void> {
  await inParallel(nodes, PARALLEL, async ({ address, docker }) => {
    if ((await docker.inspectImage(image, { signal })) !== undefined) return
    const text = `Pulling image [${image}] on host [${address}]`
    emit({ type: 'notice', level: 'info', area: 'pre-deploy', text, node: address })
    const auth = await credentials(image, signal)
    await docker.pullImage(image, { ...(auth && { auth }), signal })
  })
}
