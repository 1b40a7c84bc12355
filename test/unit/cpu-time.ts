/** Processor time of this thread, so that what else the machine, or another test, does is no part of it. */
export function secondsOf(work: () => void): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000_000
}
