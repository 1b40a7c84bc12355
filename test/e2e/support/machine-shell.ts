import { exec, type Machine } from '../../testbed/index.ts'

/** Runs a shell command on a machine that must succeed; returns what it printed. */
export async function shell(machine: Pick<Machine, 'name'>, command: string): Promise<string> {
  const { code, stdout, stderr } = await exec(machine, command)
  if (code === 0) return stdout
  throw new TypeError(`on ${machine.name}: ${command} ended with ${code}: ${stderr}${stdout}`)
}

/** The lines that a command prints, sorted, without empty ones. */
export async function linesOf(machine: Pick<Machine, 'name'>, command: string): Promise<readonly string[]> {
  return (await shell(machine, command))
    .split('\n')
    .filter((line) => line !== '')
    .sort()
}
