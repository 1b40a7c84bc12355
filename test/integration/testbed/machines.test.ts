import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exec, type Machine, machinesDown, machinesUp } from '../../testbed/index.ts'
import { tryRun } from '../../testbed/run.ts'

const name = 'testbed-test'
let machine: Machine

const ssh = (user: string, command: string) =>
  tryRun('ssh', [
    ...['-i', machine.keyPath, '-p', machine.sshPort],
    ...['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'BatchMode=yes'].flatMap((o) => [
      '-o',
      o,
    ]),
    `${user}@${machine.address}`,
    command,
  ])

describe('a machine of the testbed', () => {
  beforeAll(async () => {
    const [made] = await machinesUp({ count: 1, name })
    if (made === undefined) throw new Error('no machine was made')
    machine = made
  })

  afterAll(() => machinesDown(name))

  test('takes its user and root in with the key', async () => {
    expect((await ssh(machine.user, 'id -un; hostname')).stdout).toBe(`rke\n${machine.name}\n`)
    expect((await ssh('root', 'id -un')).stdout).toBe('root\n')
  })

  test('refuses other keys', async () => {
    const refused = await tryRun('ssh', [
      ...['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'BatchMode=yes'].flatMap((o) => [
        '-o',
        o,
      ]),
      ...['-o', 'IdentityFile=/dev/null', '-o', 'IdentitiesOnly=yes'],
      `${machine.user}@${machine.address}`,
      'true',
    ])
    expect(refused.code).toBe(255)
    expect(refused.stderr).toContain('Permission denied')
  })

  test('lets its user run Docker, which begins empty', async () => {
    expect((await ssh(machine.user, 'docker ps -aq; docker images -q')).stdout).toBe('')
    expect((await ssh(machine.user, 'docker info --format {{.CgroupDriver}}')).stdout).toBe('cgroupfs\n')
  })

  test('shows its commands to assertions without SSH', async () => {
    expect(await exec(machine, 'echo out; echo err >&2; exit 3')).toEqual({
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    })
  })
})
