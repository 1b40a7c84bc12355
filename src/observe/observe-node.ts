import type { NodeFacts } from '../desired/node-facts.ts'
import { SERVICE_CONTAINERS } from '../desired/service-names.ts'
import { hasSelinux } from '../node/container-create.ts'
import type { ContainerInspect, DockerInfo, ImageInspect } from '../node/docker-types.ts'
import type { Node } from '../node/node.ts'
import type { ObservedNode } from './observed-node.ts'
import { readKubernetesFiles } from './read-files.ts'

/**
 * Reads once what a run needs to know of a node: its Docker, all containers, the service containers and
 * `images` in detail, and the files below /etc/kubernetes. Changes nothing on the node.
 */
export async function observeNode(node: Node, images: readonly string[]): Promise<ObservedNode> {
  const [info, listed, found] = await Promise.all([
    node.docker.info(),
    node.docker.listContainers(),
    inspectAll(images, (image) => node.docker.inspectImage(image)),
  ])
  const ours = listed.flatMap(({ names }) => names).filter(isOurs)
  const containers = await inspectAll(ours, (name) => node.docker.inspectContainer(name))
  return {
    address: node.address,
    facts: factsOf(info),
    dockerVersion: info.ServerVersion,
    all: listed,
    containers: containers satisfies ReadonlyMap<string, ContainerInspect>,
    images: found satisfies ReadonlyMap<string, ImageInspect>,
    files: await readKubernetesFiles(node, containers.values()),
  }
}

const SERVICES: ReadonlySet<string> = new Set(SERVICE_CONTAINERS)

function isOurs(name: string): boolean {
  return SERVICES.has(name) || (name.startsWith('old-') && SERVICES.has(name.slice('old-'.length)))
}

async function inspectAll<T>(
  keys: readonly string[],
  inspect: (key: string) => Promise<T | undefined>,
): Promise<ReadonlyMap<string, T>> {
  const pairs = await Promise.all([...new Set(keys)].map(async (key) => [key, await inspect(key)] as const))
  return new Map(pairs.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])))
}

function factsOf(info: DockerInfo): NodeFacts {
  return {
    operatingSystem: info.OperatingSystem,
    dockerRootDir: info.DockerRootDir,
    architecture: info.Architecture,
    selinux: hasSelinux(info),
  }
}
