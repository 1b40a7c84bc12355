import type { Machine } from '../../testbed/index.ts'
import { linesOf, shell } from './machine-shell.ts'

/** Now, by the clock of the machine, for `dockerEvents`. */
export async function machineTime(machine: Machine): Promise<string> {
  return (await shell(machine, 'date +%s.%N')).trim()
}

/** What Docker did on a machine since then, but for reading files out of a container, which mounts its volumes. */
export function dockerEvents(machine: Machine, since: string): Promise<readonly string[]> {
  return linesOf(
    machine,
    `docker events --since ${since} --until $(date +%s.%N) | grep -vE ' (container archive-path|volume (un)?mount) '; true`,
  )
}
