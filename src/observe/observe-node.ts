import { replacedName } from '../container-names.ts'
import type { NodeFacts } from '../desired/node-facts.ts'
import { hasSelinux } from '../node/containers/create-request.ts'
import type { DockerInfo } from '../node/docker/docker-types.ts'
import type { Node } from '../node/node.ts'
import { BEFORE_RESTORE, ETCD_DATA } from '../node/snapshots/etcd-data-scripts.ts'
import { type Clock, withClock } from './observe-clock.ts'
import { observeFiles } from './observe-files.ts'
import { observeRecurring } from './observe-recurring.ts'
import { observedContainer } from './observed-container.ts'
import type { ObservedNode } from './observed-node.ts'

/** What is inspected in detail. */
export interface NodeQuestions {
  readonly images: readonly string[]
  /** Names of service containers; previous versions left by a replacement are inspected, too. */
  readonly services: readonly string[]
  /** The time of this machine, with which that of the node is compared. */
  readonly clock: Clock
}

/**
 * Reads what a plan needs to know of a node: its Docker, all containers, some of them and some images in detail, and
 * the files below /etc/kubernetes. Changes nothing on the node.
 */
export async function observeNode(node: Node, questions: NodeQuestions): Promise<ObservedNode> {
  const { images, services, clock } = questions
  const [[info, clockAheadMs], listed, found] = await Promise.all([
    withClock(() => node.docker.info(), clock),
    node.docker.listContainers(),
    inspectAll(images, (image) => node.docker.inspectImage(image)),
  ])
  const wanted = new Set(services.flatMap((name) => [name, replacedName(name)]))
  const ours = listed.flatMap(({ names }) => names).filter((name) => wanted.has(name))
  const containers = await inspectAll(ours, async (name) => {
    const found = await node.docker.inspectContainer(name)
    return found && observedContainer(found)
  })
  const statOfData = (path: string) => (containers.has('etcd') ? node.docker.statOf('etcd', path) : undefined)
  const [files, etcdData, setAside, recurring] = await Promise.all([
    observeFiles(node, containers.values()),
    statOfData(ETCD_DATA),
    statOfData(`${ETCD_DATA}/${BEFORE_RESTORE}`),
    observeRecurring(node, containers.get('etcd-rolling-snapshots'), info),
  ])
  return {
    address: node.address,
    facts: factsOf(info),
    dockerVersion: info.ServerVersion,
    clockAheadMs,
    all: listed,
    containers,
    images: found,
    ...files,
    etcdDataMode: etcdData?.mode,
    setAside: setAside !== undefined,
    ...(recurring && { recurring }),
  }
}

async function inspectAll<T>(
  keys: readonly string[],
  inspect: (key: string) => Promise<T | undefined>,
): Promise<ReadonlyMap<string, T>> {
  const pairs = await Promise.all([...new Set(keys)].map(async (key) => [key, await inspect(key)] as const))
  return new Map(pairs.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])))
}

/** What a node's Docker daemon says, as far as it decides about containers. */
export function factsOf(info: DockerInfo): NodeFacts {
  return {
    operatingSystem: info.OperatingSystem,
    dockerRootDir: info.DockerRootDir,
    architecture: info.Architecture,
    selinux: hasSelinux(info),
  }
}
