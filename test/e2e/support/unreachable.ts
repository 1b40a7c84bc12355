import type { Machine } from '../../testbed/index.ts'
import { shell } from './machine-shell.ts'

const RULE = 'INPUT -p tcp --dport 22 -j REJECT --reject-with tcp-reset'

/** From now on nobody can log in to a machine, which goes on with its work. */
export async function refuseSsh(machine: Machine): Promise<void> {
  await shell(machine, `iptables -I ${RULE}`)
}

export async function allowSsh(machine: Machine): Promise<void> {
  await shell(machine, `iptables -D ${RULE}`)
}

/** Does something while nobody can log in to a machine. */
export async function withoutSsh<T>(machine: Machine, work: () => Promise<T>): Promise<T> {
  await refuseSsh(machine)
  return work().finally(() => allowSsh(machine))
}
