import type { SimMachine } from '../../sim/sim-machine.ts'
import type { SimWorld } from '../../sim/sim-world.ts'
import { anyOf, type Random } from './edits.ts'

/** Something that happens to a machine by itself; says what it was. */
type Fault = (machine: SimMachine, random: Random) => string

const onContainer =
  (word: string, act: (machine: SimMachine, name: string) => void): Fault =>
  (machine, random) => {
    const { containers } = machine.docker
    if (containers.length === 0) return 'nothing'
    const { name } = anyOf(containers, random)
    act(machine, name)
    return `${name} ${word}`
  }

/** A container as somebody else would have made it. */
function alter({ docker }: SimMachine, name: string): void {
  const { spec, status } = docker.find(name)
  // Docker makes none whose volumes are gone.
  if (spec.HostConfig?.VolumesFrom?.some((lender) => docker.get(lender) === undefined)) return
  docker.remove(name, true)
  const { id } = docker.create(name, { ...spec, Env: [...(spec.Env ?? []), 'CHANGED=yes'] })
  if (status === 'running') docker.start(id)
}

/** A machine that was installed anew. */
export function wipe({ docker, disk }: SimMachine): void {
  for (const { name } of [...docker.containers]) docker.remove(name, true)
  docker.images.clear()
  for (const path of ['/etc/kubernetes', '/var/lib/etcd', '/var/lib/rancher', '/var/lib/kubelet'])
    disk.remove(path)
}

/** Whether most of etcd's members keep their data when a machine loses its own. */
function canLose({ world, disk }: SimMachine): boolean {
  const marker = (one: SimMachine): string | undefined => one.disk.read('/var/lib/etcd/member/identity')
  const [clusterId, memberId] = disk.read('/var/lib/etcd/member/identity')?.split(' ') ?? []
  const cluster = world.etcdClusters.get(clusterId ?? '')
  if (cluster === undefined) return true
  const voters = cluster.members.filter(({ isLearner }) => !isLearner).map(({ id }) => id)
  const carried = world.machines.flatMap((one) => marker(one)?.split(' ')[1] ?? [])
  const left = voters.filter((id) => id !== memberId && carried.includes(id))
  return left.length > voters.length / 2
}

const FAULTS: readonly Fault[] = [
  onContainer('removed', ({ docker }, name) => docker.remove(name, true)),
  onContainer('stopped', ({ docker }, name) => {
    if (docker.find(name).isActive) docker.stop(name)
  }),
  onContainer('altered', alter),
  (machine, random) => {
    const files = machine.disk
      .below('/etc/kubernetes')
      .filter((path) => machine.disk.at(path)?.type === 'file')
    if (files.length === 0) return 'nothing'
    const path = anyOf(files, random)
    machine.disk.remove(path)
    return `${path} lost`
  },
  (machine) => {
    if (machine.docker.get('etcd')?.isActive !== true) return 'nothing'
    machine.docker.stop('etcd')
    return 'etcd stopped'
  },
  (machine) => {
    if (!machine.reachable) return 'nothing'
    machine.powerOff()
    return 'powered off'
  },
  (machine) => {
    machine.reachable = false
    return 'cut off'
  },
  (machine) => {
    if (!canLose(machine)) return 'nothing'
    wipe(machine)
    return 'wiped'
  },
]

/** Something bad happens to one of these machines. */
export function strike(world: SimWorld, addresses: readonly string[], random: Random): string {
  const machine = world.machine(anyOf(addresses, random))
  return `${machine.address}: ${anyOf(FAULTS, random)(machine, random)}`
}

/** Every machine can be used again, with what is left on it. */
export function heal(world: SimWorld): void {
  for (const machine of world.machines) {
    if (!machine.reachable) machine.powerOn()
  }
}
