import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { RkeError } from '../../../src/errors.ts'
import type { Ready, Report } from './machines-process.ts'

/** Simulated machines behind SSH, in a process of their own. */
export interface Machines extends Ready {
  /** What the first `count` of them were asked since the last call. */
  report(count: number): Promise<Report>
  [Symbol.asyncDispose](): Promise<void>
}

export async function startMachines(count: number): Promise<Machines> {
  const child = fork(join(import.meta.dirname, 'machines-process.ts'), [String(count)])
  const ready = (await next(child)) as Ready
  return {
    ...ready,
    report: async (count) => {
      child.send(count)
      return (await next(child)) as Report
    },
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    },
  }
}

async function next(child: ChildProcess): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const ended = (): void => reject(new RkeError('the process of the simulated machines ended'))
  child.once('message', resolve)
  child.once('exit', ended)
  return await promise.finally(() => child.off('exit', ended))
}
