import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { type Failure, failuresAmong, firstOf, type Seeds } from './failures.ts'

/** A thread has modules to load and keys to make, which takes as long as so many sequences. */
const WORTH_A_THREAD = 200

/**
 * Plays sequences from one seed on, on all processors if they are many, and gives the first that fail: the same ones
 * whatever the number of processors.
 */
export async function playAll(
  first: number,
  count: number,
  most = availableParallelism(),
): Promise<readonly Failure[]> {
  const threads = Math.min(most, Math.floor(count / WORTH_A_THREAD))
  if (threads <= 1) return failuresAmong({ first, count, step: 1 })
  return firstOf(await Promise.all(sharesOf(first, count, threads).map(inThread)))
}

/** Each thread gets every so-manieth sequence. */
export function sharesOf(first: number, count: number, threads: number): readonly Seeds[] {
  return Array.from({ length: threads }, (_, index) => ({
    first: first + index,
    count: Math.ceil((count - index) / threads),
    step: threads,
  }))
}

async function inThread(seeds: Seeds): Promise<readonly Failure[]> {
  const thread = new Worker(new URL('./thread.ts', import.meta.url), {
    workerData: seeds,
    execArgv: [],
  })
  const [failures] = await once(thread, 'message')
  return failures
}
