import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { network, testSet } from '../../testbed/addresses.ts'
import { hubReachable } from '../../testbed/hub.ts'
import {
  ensureTestImage,
  exec,
  imageDisk,
  type Machine,
  machinesDown,
  machinesUp,
  privateRegistry,
  reboot,
} from '../../testbed/index.ts'
import { type RunResult, tryRun } from '../../testbed/run.ts'

const name = testSet('testbed-test')
const trust = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'BatchMode=yes']
let machine: Machine

const login = (user: string, key: readonly string[], command: string): Promise<RunResult> =>
  tryRun('ssh', [...key, ...trust.flatMap((o) => ['-o', o]), `${user}@${machine.address}`, command])
const ssh = (user: string, command: string): Promise<RunResult> =>
  login(user, ['-i', machine.keyPath, '-p', machine.sshPort], command)

describe('a machine of the testbed', () => {
  beforeAll(async () => {
    await ensureTestImage()
    const [made] = await machinesUp({ count: 1, name })
    if (made === undefined) throw new Error('no machine was made')
    machine = made
  }, 600_000)

  afterAll(() => machinesDown(name))

  test('takes its user and root in with the key', async () => {
    expect((await ssh(machine.user, 'id -un; hostname')).stdout).toBe(`rke\n${machine.name}\n`)
    expect((await ssh('root', 'id -un')).stdout).toBe('root\n')
  })

  test('refuses who has no key', async () => {
    const refused = await login(
      machine.user,
      ['-o', 'IdentityFile=/dev/null', '-o', 'IdentitiesOnly=yes'],
      'true',
    )
    expect(refused.code).toBe(255)
    expect(refused.stderr).toContain('Permission denied')
  })

  test('begins without images, and runs containers for its user', async () => {
    expect((await ssh(machine.user, 'docker images -q')).stdout).toBe('')
    const ran = await ssh(
      machine.user,
      'docker run --rm --privileged rancher/rke-test-tools:v1 dial 10.66.0.2:5000',
    )
    expect(ran).toMatchObject({ code: 0, stdout: '' })
  })

  test('pulls from the private registry only with its password', async () => {
    const { host, user, password } = await privateRegistry()
    const pull = `docker pull -q ${host}/rancher/rke-test-tools:v1`
    expect((await exec(machine, pull)).stderr).toContain('no basic auth credentials')
    await exec(machine, `docker login -u ${user} -p ${password} ${host}`)
    expect(await exec(machine, pull)).toMatchObject({ code: 0 })
  })

  test('has a way out only where there is something outside for it', async () => {
    const gateway = (await hubReachable()) ? network.gateway : network.nowhere
    expect((await exec(machine, 'ip route show default')).stdout).toContain(`via ${gateway} `)
  })

  test('shows its commands to assertions without SSH', async () => {
    const shown = await exec(machine, 'echo out; echo err >&2; exit 3')
    expect(shown).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n' })
  })

  test('keeps its disk through a power cut', async () => {
    await exec(machine, 'echo kept > /opt/file; docker volume create kept')
    await reboot(machine)
    expect((await ssh(machine.user, 'cat /opt/file; docker volume ls -q')).stdout).toBe('kept\nkept\n')
  })
})

test('machines that begin with the disk of all images have them, and share nothing that one of them changes', async () => {
  const set = { count: 1, name: testSet('testbed-disk-test'), disk: await imageDisk() }
  const reference = 'rancher/rke-test-tools:v1'
  const ctr = 'ctr --namespace k8s.io images'
  const imagesOf = async (machine: Machine | undefined): Promise<string> => {
    if (machine === undefined) throw new Error('no machine was made')
    const command = `docker image inspect -f '{{.Id}}' ${reference}; ${ctr} ls -q name==docker.io/${reference}`
    return (await exec(machine, command)).stdout
  }
  try {
    const [first] = await machinesUp(set)
    const images = await imagesOf(first)
    expect(images).toMatch(/^sha256:\w+\ndocker\.io\/rancher\/rke-test-tools:v1\n$/)
    if (first !== undefined) await exec(first, `docker rmi ${reference}; ${ctr} rm docker.io/${reference}`)
    expect(await imagesOf(first)).not.toBe(images)
    const [second] = await machinesUp(set)
    expect(await imagesOf(second)).toBe(images)
  } finally {
    await machinesDown(set.name)
  }
}, 600_000)
