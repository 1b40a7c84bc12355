import { readlinkSync } from 'node:fs'
import { bootedProcess } from '../testbed/lock.ts'

/** Where process ids count. */
const namespace = (): string => /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? ''

/** Names this process among all that this box ever runs. */
export function runId(): string {
  return [process.pid, bootedProcess(process.pid), namespace()].join('-')
}

/** Whether the process with this id has ended; false where that cannot be known. */
export function hasEnded(id: string): boolean {
  const [pid = '', started = '', where = ''] = id.split('-')
  return where === namespace() && bootedProcess(Number(pid)) !== started
}
