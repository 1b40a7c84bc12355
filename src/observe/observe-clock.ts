import type { DockerInfo } from '../node/docker/docker-types.ts'
import type { Node } from '../node/node.ts'

/** A time of this machine. */
export type Clock = () => Date

/**
 * Asks something of a machine that comes with its time, and adds how far its clock is ahead of this one's in milliseconds,
 * negative if it is behind. Right to half of the time that the answer takes.
 */
export async function withClock<T extends Pick<DockerInfo, 'SystemTime'>>(
  ask: () => Promise<T>,
  clock: Clock,
): Promise<readonly [answer: T, aheadMs: number]> {
  const before = clock().getTime()
  const answer = await ask()
  const middle = (before + clock().getTime()) / 2
  return [answer, Math.round(Date.parse(answer.SystemTime) - middle)]
}

/** How far the clock of the machine that is most behind is behind this one's, in milliseconds; 0 if none is. */
export async function mostBehindMs(nodes: Iterable<Node>, clock: Clock): Promise<number> {
  const behind = await Promise.all(
    [...nodes].map(async ({ docker }) => {
      const [, aheadMs] = await withClock(() => docker.info(), clock)
      return -aheadMs
    }),
  )
  return Math.max(0, ...behind)
}
