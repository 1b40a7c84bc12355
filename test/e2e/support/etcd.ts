import type { Machine } from '../../testbed/index.ts'
import { shell } from './machine-shell.ts'

/** Name and id of every member, sorted; they stay as long as the data do. */
export async function etcdMembers(machine: Machine): Promise<readonly string[]> {
  // As a table, because its JSON has ids that are too long for a number.
  const list = await shell(machine, 'docker exec etcd etcdctl member list')
  return list
    .trim()
    .split('\n')
    .map((line) => line.split(', '))
    .map(([id, status, name]) => `${name} ${id} ${status}`)
    .sort()
}

/** Whether every member takes writes, by endpoint. */
export async function etcdHealth(machine: Machine): Promise<readonly boolean[]> {
  const text = await shell(
    machine,
    'docker exec etcd etcdctl endpoint health --cluster -w json 2>/dev/null || true',
  )
  const list: readonly { readonly health: boolean }[] = JSON.parse(text)
  return list.map(({ health }) => health)
}
