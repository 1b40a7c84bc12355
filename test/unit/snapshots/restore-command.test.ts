import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { restoreCommand } from '../../../src/snapshots/restore-command.ts'

test('the command that restores a snapshot is as short as it can be', () => {
  expect(restoreCommand('2026-03-01T08:00:00Z_etcd')).toBe(
    'rke etcd snapshot-restore --name 2026-03-01T08:00:00Z_etcd',
  )
})

test.each(['before the upgrade', '$HOME `id` "x"', "it's", 'a;b', ''])(
  'and can be copied into a shell, whatever the name is: %s',
  (name) => {
    const words = restoreCommand(name).replace('rke', String.raw`printf '%s\n'`)
    expect(execFileSync('sh', ['-c', words], { encoding: 'utf8' })).toBe(
      `etcd\nsnapshot-restore\n--name\n${name}\n`,
    )
  },
)
