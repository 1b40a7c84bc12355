import { readFileSync } from 'node:fs'

/** Processor time of this thread, so that other work of the machine, or of another test, is no part of it. */
export function secondsOf(work: () => void): number {
  const before = spent()
  work()
  return spent() - before
}

/** Linux says it of each thread, in nanoseconds; `process.threadCpuUsage` is younger than the lowest Node. */
const spent = (): number => Number.parseInt(readFileSync('/proc/thread-self/schedstat', 'utf8'), 10) / 1e9
