import type { Machine } from '../../testbed/index.ts'
import { shell } from './machine-shell.ts'

const RULE = 'INPUT -p tcp --dport 22 -j REJECT --reject-with tcp-reset'

/** Does something while nobody can log in to a machine, which goes on with its work. */
export async function withoutSsh<T>(machine: Machine, work: () => Promise<T>): Promise<T> {
  await shell(machine, `iptables -I ${RULE}`)
  try {
    return await work()
  } finally {
    await shell(machine, `iptables -D ${RULE}`)
  }
}
