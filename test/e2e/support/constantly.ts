/** What became of tries that were made one after the other, all the time. */
export interface Tries {
  readonly made: number
  /** When and why each failed one did. */
  readonly failures: readonly string[]
}

export interface Constantly {
  /** Ends it, waits for tries that are under way, and gives what came of all since the last `take`. */
  stop(): Promise<Tries>
  /** The tries that ended since the last call of this. */
  take(): Tries
}

/** Begins a try every so many milliseconds, whether the ones before have ended or not. */
export function constantly(everyMs: number, attempt: () => Promise<void>): Constantly {
  const pending = new Set<Promise<void>>()
  let made = 0
  let failures: string[] = []
  const take = (): Tries => {
    const tries = { made, failures }
    made = 0
    failures = []
    return tries
  }
  const one = async (): Promise<void> => {
    const begun = new Date().toISOString()
    try {
      await attempt()
    } catch (thrown) {
      failures.push(`${begun}: ${reasonOf(thrown)}`)
    }
    made += 1
  }
  const timer = setInterval(() => {
    const running = one().finally(() => pending.delete(running))
    pending.add(running)
  }, everyMs)
  return {
    take,
    stop: async () => {
      clearInterval(timer)
      await Promise.all(pending)
      return take()
    },
  }
}

/** Of tries of several at once: the reason of each. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof AggregateError) return thrown.errors.map(reasonOf).join('; ')
  return thrown instanceof Error ? thrown.message : String(thrown)
}
