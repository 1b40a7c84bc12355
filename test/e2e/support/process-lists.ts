import type { Machine } from '../../testbed/index.ts'
import { shell } from './machine-shell.ts'

const LOG = '/tmp/process-lists'

/** Writes down, five times a second, which commands run on a machine, those in its containers too, until `stop` gives them all. */
export async function listProcesses(machine: Machine): Promise<{ stop(): Promise<string> }> {
  const loop = `while sleep 0.2; do ps axww -o args=; done >${LOG} 2>&1`
  const pid = (await shell(machine, `nohup bash -c '${loop}' >/dev/null 2>&1 & echo $!`)).trim()
  return { stop: () => shell(machine, `kill ${pid}; sort -u ${LOG}; rm ${LOG}`) }
}
