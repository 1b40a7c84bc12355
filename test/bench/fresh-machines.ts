import { RkeError } from '../../src/errors.ts'
import { exec, type Machine, machinesDown, machinesUp } from '../testbed/index.ts'
import { machineCount, setName } from './bench-cluster.ts'

/** Runs `work` on new, empty machines, and removes them. */
export async function onFreshMachines<T>(work: (machines: readonly Machine[]) => Promise<T>): Promise<T> {
  const machines = await machinesUp({ count: machineCount, name: setName })
  try {
    await Promise.all(machines.map(answerNamesAtOnce))
    return await work(machines)
  } finally {
    await machinesDown(setName)
  }
}

/**
 * A machine's name server is the box, where none need run: the kernel then refuses at most one question a second
 * and lets the others time out, so that any pull may take five seconds more (Docker looks docker.io up). Within
 * a machine nothing limits refusals.
 */
async function answerNamesAtOnce(machine: Machine): Promise<void> {
  const { code, stderr } = await exec(machine, `echo nameserver ${machine.address} >/etc/resolv.conf`)
  if (code !== 0) throw new RkeError(`cannot set the name server: ${stderr}`, { host: machine.address })
}
