import { SERVICE_CONTAINERS } from '../../../src/container-names.ts'
import type { NodeFile } from '../../../src/node/files/node-file.ts'
import { observedFile } from '../../../src/observe/observe-files.ts'
import { observedContainer } from '../../../src/observe/observed-container.ts'
import type { ObservedAccess, ObservedFile, ObservedNode } from '../../../src/observe/observed-node.ts'
import { Secret } from '../../../src/secret.ts'
import { summaries } from '../../sim/direct/direct-docker.ts'
import type { Inode, SimDisk } from '../../sim/disk.ts'
import type { SimMachine } from '../../sim/sim-machine.ts'

const FOLDER = '/etc/kubernetes'
const SERVICES: ReadonlySet<string> = new Set(SERVICE_CONTAINERS.flatMap((name) => [name, `old-${name}`]))

/** What `observeNode` finds out of a machine, without archives between. */
export function observeMachine({ address, docker, disk }: SimMachine): ObservedNode {
  const containers = new Map(
    docker.containers
      .filter(({ name }) => SERVICES.has(name))
      .map((one) => [one.name, observedContainer(one.inspect())]),
  )
  const isShown = [...containers.values()].some(({ HostConfig }) =>
    HostConfig.Binds?.some((bind) => bind.split(':')[1] === FOLDER),
  )
  return {
    address,
    facts: {
      operatingSystem: docker.info.OperatingSystem,
      dockerRootDir: docker.info.DockerRootDir,
      architecture: docker.info.Architecture,
      selinux: false,
    },
    dockerVersion: docker.info.ServerVersion,
    all: summaries(docker),
    containers,
    images: docker.images,
    files: isShown ? new Map(disk.below(FOLDER).flatMap((path) => fileAt(path, disk.at(path)))) : undefined,
    folders: isShown ? foldersBelow(disk) : new Map(),
    setAside: containers.has('etcd') && disk.exists('/var/lib/etcd/before-restore'),
    etcdDataMode: containers.has('etcd') ? disk.at('/var/lib/etcd')?.mode : undefined,
  }
}

function foldersBelow(disk: SimDisk): ReadonlyMap<string, ObservedAccess> {
  return new Map(
    disk.below(FOLDER).flatMap((path) => {
      const inode = disk.at(path)
      return inode?.type === 'directory' ? [[path, accessOf(inode)] as const] : []
    }),
  )
}

const accessOf = ({ mode, uid, gid }: Inode): ObservedAccess => ({ mode, uid, gid })

const noted = new WeakMap<Buffer, ObservedFile>()

function fileAt(path: string, inode: Inode | undefined): readonly (readonly [string, ObservedFile])[] {
  if (inode?.type !== 'file') return []
  const { content } = inode
  const known = noted.get(content)
  if (known !== undefined) return [[path, { ...known, ...accessOf(inode) }]]
  const file: NodeFile = { ...accessOf(inode), size: content.length, content: new Secret(content) }
  const found = observedFile(path, file)
  noted.set(content, found)
  return [[path, found]]
}
