import type { Readable } from 'node:stream'
import { pullProgress } from '../../actions/containers/pull-progress.ts'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { Emit } from '../../engine/events.ts'
import type { Run } from '../../engine/run.ts'
import type { Node } from '../../node/node.ts'
import { counted } from '../../node/transport/counted.ts'
import { closing } from '../../session/closing.ts'
import { accessParts } from '../../session/connect/connect-nodes.ts'
import { type RegistryLogins, registryLogins } from '../../session/connect/registry-logins.ts'
import type { Deps, RunOptions } from '../../session/deps.ts'
import { endOf } from '../../session/end-of-run.ts'
import { startRedactedRun } from '../../session/run/redacted-run.ts'
import { type ClusterImages, clusterImages, unlisted } from './cluster-images.ts'
import { connectImageHosts, type ImageHosts } from './image-hosts.ts'
import { type ImageStep, runImageSteps } from './image-steps.ts'
import { missingImages } from './missing-images.ts'

export interface SaveImagesOptions extends Pick<RunOptions, 'signal' | 'abort'> {
  /** The one machine whose Docker pulls the images and gives them out. */
  readonly from: ImageHosts
  /** Keeps the archive, as it comes; resolves when it is kept. */
  readonly write: (archive: Readable) => Promise<void>
}

export type SaveImagesResult = ClusterImages

/**
 * Pulls the images that a cluster needs, those that are not there, with the credentials of its private registries,
 * and writes all of them to one archive. Nothing of it is kept in memory.
 */
export function saveImages(
  given: ClusterConfig,
  deps: Deps,
  options: SaveImagesOptions,
): Run<SaveImagesResult> {
  return startRedactedRun(deps, options, async ({ emit, fill }) => {
    const config = await fill(given, accessParts)
    const signal = endOf(options)
    const { images, leftOut } = await clusterImages(config, deps, signal)
    for (const text of leftOut)
      emit({ type: 'notice', level: 'warning', area: 'addons', text: unlisted(text) })
    const logins = registryLogins(config.privateRegistries, deps.ecrLogin)
    const connected = await connectImageHosts(config, options.from, deps, options, emit)
    return closing(connected, async ({ nodes }) => {
      for (const node of nodes.values()) await saveFrom(node, images, logins, options, emit)
      return { images, leftOut }
    })
  })
}

async function saveFrom(
  node: Node,
  images: readonly string[],
  logins: RegistryLogins,
  options: SaveImagesOptions,
  emit: Emit,
): Promise<void> {
  const missing = await missingImages(node, images)
  const pulls = missing.map((image) => pullStep(node, image, logins))
  const save: ImageStep = {
    id: `node/${node.address}/images`,
    kind: 'images.save',
    node: node.address,
    title: `save ${images.length} images`,
    because: [],
    after: pulls.map(({ id }) => id),
    interruptible: true,
    run: async ({ signal, progress }) => {
      const archive = await node.docker.saveImages(images, { signal })
      await options.write(counted(archive, (bytes) => progress(`${Math.floor(bytes / 10_000_000) * 10} MB`)))
    },
  }
  await runImageSteps([...pulls, save], options, emit)
}

function pullStep(node: Node, image: string, logins: RegistryLogins): ImageStep {
  return {
    id: `node/${node.address}/image/${image}`,
    kind: 'image.pull',
    node: node.address,
    title: `pull image ${image}`,
    because: [{ kind: 'images-missing', images: [image] }],
    after: [],
    interruptible: true,
    run: async ({ signal, progress }) => {
      const auth = await logins(image, signal)
      await node.docker.pullImage(image, { ...(auth && { auth }), ...pullProgress(progress), signal })
    },
  }
}
