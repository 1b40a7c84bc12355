import type { ContainerSpec } from '../../desired/container-spec.ts'
import type { DesiredNode } from '../../desired/desired-node.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import type { ImagePull } from '../action/containers.ts'
import { ids } from '../model/ids.ts'

/**
 * Pulls of what is not there: for a node that gets containers, all of its images; else only that of helpers, where
 * something is done by one. What holds up the first containers
 * comes first; an image that only a later one needs waits for the large ones.
 */
export function planPulls(
  desired: DesiredNode,
  observed: ObservedNode | undefined,
  forContainers: boolean,
  forHelpers: boolean,
): readonly ImagePull[] {
  const { address } = desired.node
  if (!forContainers && !forHelpers) return []
  const services = forContainers ? desired.containers.filter(isUrgent).map((spec) => spec.image) : []
  const urgent = new Set([desired.helperImage, ...services])
  const all = [...new Set([...urgent, ...(forContainers ? desired.images : [])])].filter(
    (image) => !observed?.images.has(image),
  )
  return all.map((image) => ({
    kind: 'image.pull',
    id: ids.image(address, image),
    node: address,
    image,
    because: [{ kind: 'image-missing' }],
    after: urgent.has(image) ? [] : [...urgent].map((first) => ids.image(address, first)),
  }))
}

function isUrgent({ name }: ContainerSpec): boolean {
  return name !== 'etcd-rolling-snapshots'
}
