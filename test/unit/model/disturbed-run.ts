import { DockerError } from '../../../src/errors.ts'
import { isWrite, type SimCall } from '../../sim/calls.ts'
import type { SimWorld } from '../../sim/sim-world.ts'
import type { Random } from './edits.ts'
import type { Prepared } from './model-cluster.ts'

/** How a run is disturbed: in which of its writing requests, and by what. */
export interface Trouble {
  readonly write: number
  readonly kind: 'killed before' | 'killed within' | 'killed after' | 'refused by Docker'
}

const KINDS: readonly Trouble['kind'][] = [
  'killed before',
  'killed within',
  'killed after',
  'killed after',
  'refused by Docker',
]

/** In one of so many requests. */
export function anyTrouble(random: Random, writes: number): Trouble {
  return { write: 1 + random(writes), kind: KINDS[random(KINDS.length)] ?? 'killed after' }
}

/** Looks at each request of a run. */
export interface Observer {
  before?(call: SimCall): void
  after(call: SimCall): void
}

/** How a run went. */
export interface Ended {
  readonly failure: unknown
  /** How it was disturbed, for a story; empty if it was not. */
  readonly how: string
}

/** Carries out a plan, disturbs that, and has others look at it. */
export async function runDisturbed(
  world: SimWorld,
  { run, apply }: Prepared,
  trouble: Trouble | undefined,
  observers: readonly Observer[],
): Promise<Ended> {
  let dying: SimCall | undefined
  let writes = 0
  const strikes = (call: SimCall): boolean => {
    if (!isWrite(call) || run.signal.aborted) return false
    writes += 1
    return writes === trouble?.write
  }
  world.hooks = {
    before(call) {
      for (const observer of observers) observer.before?.(call)
      if (!strikes(call)) return
      dying = call
      if (trouble?.kind === 'killed before') run.kill()
      if (trouble?.kind === 'killed before' || trouble?.kind === 'refused by Docker') {
        throw new DockerError('the request was not done', { host: call.machine })
      }
    },
    unpackLimit: (call) => (call === dying ? 5 : undefined),
    after(call) {
      for (const observer of observers) observer.after(call)
      if (call === dying && trouble?.kind !== 'refused by Docker') run.kill()
    },
  }
  let failure: unknown
  try {
    await apply()
  } catch (thrown) {
    failure = thrown
  }
  world.hooks = {}
  const how = trouble === undefined || dying === undefined ? '' : `, ${trouble.kind} write ${trouble.write}`
  return { failure, how }
}
