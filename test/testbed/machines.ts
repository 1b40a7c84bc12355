import {
  label,
  network,
  privateRegistryAddress,
  registryAddress,
  registryPort,
  runLabels,
} from './addresses.ts'
import { copyDisk } from './copy-disk.ts'
import { ensureDocker } from './docker-engine.ts'
import { hubReachable } from './hub.ts'
import { container, type Machine } from './machine.ts'
import { machineImage } from './machine-image.ts'
import { allAnswer, ready } from './machine-ready.ts'
import { withFreeAddresses } from './network.ts'
import { ensureRegistry } from './registry.ts'
import { docker, type RunResult, tryRun } from './run.ts'
import { sshKey } from './ssh-key.ts'

export interface MachineSet {
  readonly count: number
  /** Sets with different names live side by side. */
  readonly name?: string
  /** The volume that their disks are copies of; empty by default. */
  readonly disk?: string
  /** Take machines of this name that run already, as they are, if there are exactly as many. */
  readonly reuse?: boolean
}

/** Makes a set of new machines, and returns when each of them takes logins and runs containers. */
export async function machinesUp(wanted: MachineSet): Promise<Machine[]> {
  const { count, name = 'default', disk, reuse = false } = wanted
  await ensureDocker()
  const image = await machineImage()
  await ensureRegistry()
  const { publicKey } = await sshKey()
  if (reuse) {
    const running = await machines(name)
    if (running.length === count && (await allAnswer(running))) return running
  }
  await machinesDown(name)
  const names = Array.from({ length: count }, (_, index) => `${name}-${index + 1}`)
  await withFreeAddresses(count, (addresses) =>
    Promise.all(
      addresses.map((address, index) => create(names[index] ?? '', name, { address, image, publicKey })),
    ),
  )
  await Promise.all(names.map((machine) => start(machine, disk)))
  const made = await machines(name)
  await Promise.all(made.map(ready))
  return made
}

/** Removes a set with everything on it. A set that is not there is no error. */
export async function machinesDown(name = 'default'): Promise<void> {
  const ids = await docker('ps', '-aq', '--filter', `label=${label}.set=${name}`)
  if (ids !== '') await docker('rm', '-fv', ...ids.split('\n'))
}

/** The running machines of a set, in order. */
export async function machines(name = 'default'): Promise<Machine[]> {
  const { keyPath } = await sshKey()
  const format = `{{.Names}} {{.Label "${label}.address"}}`
  const list = await docker('ps', '--filter', `label=${label}.set=${name}`, '--format', format)
  return list
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' '))
    .map(([names = '', address = '']) => ({
      name: names.replace(container(''), ''),
      address,
      user: 'rke',
      sshPort: '22',
      keyPath,
    }))
    .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))
}

/** Runs a shell command on a machine as root, without SSH. For assertions. */
export function exec(machine: Pick<Machine, 'name'>, command: string): Promise<RunResult> {
  return tryRun('docker', ['exec', container(machine.name), 'bash', '-c', command])
}

/** Stops a machine as a power cut would. It stays in its set, and its disk as it is. */
export async function powerOff(machine: Pick<Machine, 'name'>): Promise<void> {
  await docker('kill', container(machine.name))
}

/** Stops a machine as a power cut would, and starts it again: what is on its disk stays. */
export async function reboot(machine: Machine): Promise<void> {
  await powerOff(machine)
  await docker('start', container(machine.name))
  await ready(machine)
}

/** Installs a machine anew: its name and address stay, and nothing of what was on its disk. */
export async function reinstall(machine: Machine): Promise<void> {
  const set = await docker(
    'inspect',
    '-f',
    `{{index .Config.Labels "${label}.set"}}`,
    container(machine.name),
  )
  await docker('rm', '-fv', container(machine.name))
  const { publicKey } = await sshKey()
  const { name, address } = machine
  await create(name, set, { address, image: await machineImage(), publicKey })
  await start(name)
  await ready(machine)
}

interface NewMachine {
  readonly address: string
  readonly image: string
  readonly publicKey: string
}

async function create(name: string, set: string, { address, image, publicKey }: NewMachine): Promise<void> {
  const labels = [label, `${label}.set=${set}`, `${label}.address=${address}`, ...runLabels()]
  const environment = [
    `SUBNET=${network.subnet}`,
    `REGISTRY=${registryAddress}:${registryPort}`,
    `PRIVATE_REGISTRY=${privateRegistryAddress}:${registryPort}`,
    `SSH_PUBLIC_KEY=${publicKey}`,
    ...((await hubReachable()) ? [] : [`NOWHERE=${network.nowhere}`]),
  ]
  await docker(
    'create',
    '--privileged',
    '--cgroupns=private',
    '--name',
    container(name),
    '--hostname',
    name,
    '--network',
    network.name,
    '--ip',
    address,
    ...labels.flatMap((l) => ['--label', l]),
    ...environment.flatMap((e) => ['-e', e]),
    '-v',
    '/var/lib/docker',
    '--tmpfs',
    '/run:exec',
    image,
  )
}

/** Starts a new machine; its disk is a copy of another one, or empty. */
async function start(name: string, disk?: string): Promise<void> {
  if (disk !== undefined) await copyDisk(disk, await diskOf({ name }))
  await docker('start', container(name))
}

/** The volume that a machine's Docker has its data on. */
export function diskOf({ name }: Pick<Machine, 'name'>): Promise<string> {
  return docker('inspect', '-f', '{{range .Mounts}}{{.Name}}{{end}}', container(name))
}
