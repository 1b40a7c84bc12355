/** Runs `work` over items, at most `limit` at a time. After a rejection it begins no other, waits for what runs, and rejects. */
export async function inParallel<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values()
  let hasFailed = false
  const drain = async (): Promise<void> => {
    for (const item of queue) {
      if (hasFailed) return
      await work(item).catch((thrown: unknown) => {
        hasFailed = true
        throw thrown
      })
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, drain))
  for (const one of ended) if (one.status === 'rejected') throw one.reason
}
