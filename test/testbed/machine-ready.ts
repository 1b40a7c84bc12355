import { createConnection } from 'node:net'
import { RkeError } from '../../src/errors.ts'
import { container, type Machine } from './machine.ts'
import { tryRun } from './run.ts'
import { waitUntil } from './wait-until.ts'

/** True where every machine of the list takes logins now. */
export async function allAnswer(list: readonly Machine[]): Promise<boolean> {
  return (await Promise.all(list.map(sshAnswers))).every((answer) => answer)
}

/** Waits until a machine takes logins and runs containers; a machine that ended says why. */
export async function ready(machine: Machine): Promise<void> {
  await waitUntil(
    `SSH and Docker on machine ${machine.name} (${machine.address})`,
    async () => {
      if (await sshAnswers(machine)) return true
      const state = await tryRun('docker', ['inspect', '-f', '{{.State.Running}}', container(machine.name)])
      if (state.stdout.trim() === 'true') return false
      const log = await tryRun('docker', ['logs', '--tail', '25', container(machine.name)])
      throw new RkeError(`machine ${machine.name} ended:\n${log.stdout}${log.stderr}`, {
        host: machine.address,
      })
    },
    60_000,
  )
}

/** True once the SSH daemon sends its greeting; a machine starts it last. */
function sshAnswers(machine: Machine): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: machine.address, port: Number(machine.sshPort), timeout: 2000 })
    const end = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('data', (greeting) => end(greeting.toString().startsWith('SSH-')))
    socket.once('error', () => end(false))
    socket.once('timeout', () => end(false))
    socket.once('close', () => end(false))
  })
}
