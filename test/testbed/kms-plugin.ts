import { withLock } from './lock.ts'
import { container, type Machine } from './machine.ts'
import { exec } from './machines.ts'
import { type Program, program } from './program.ts'
import { docker, run } from './run.ts'
import { waitUntil } from './wait-until.ts'

const plugin: Program = { from: 'source', name: 'kms-plugin', dir: 'kms-plugin' }
const PATH = '/usr/local/bin/kms-plugin'

/**
 * Starts a KMS v2 plugin on a machine, which listens on `folder/name.sock`. Its key follows from its name, so that those of one name are
 * one key management service. It is built from Go modules where the cache folder does not have it, and ends with the machine.
 */
export async function startKmsPlugin(
  machine: Pick<Machine, 'name'>,
  folder: string,
  name: string,
  say: (line: string) => void = console.error,
): Promise<void> {
  const file = await withLock('kms-program', () => program(plugin, say))
  const socket = `${folder}/${name}.sock`
  await docker('cp', file, `${container(machine.name)}:${PATH}`)
  await exec(machine, `mkdir -p ${folder}`)
  await run('docker', ['exec', '-d', container(machine.name), PATH, socket, name])
  const listens = async (): Promise<boolean> => (await exec(machine, `test -S ${socket}`)).code === 0
  await waitUntil(`the KMS plugin ${name} on ${machine.name}`, listens, 10_000)
}
