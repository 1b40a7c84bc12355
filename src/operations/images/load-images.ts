import type { Readable } from 'node:stream'
import { openCatalog } from '../../catalog/open-catalog.ts'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import { imagesFor } from '../../config/images/image-lists.ts'
import type { Emit } from '../../engine/events.ts'
import type { Run } from '../../engine/run.ts'
import { inParallel } from '../../in-parallel.ts'
import type { Node } from '../../node/node.ts'
import { closing } from '../../session/closing.ts'
import { accessParts } from '../../session/connect/connect-nodes.ts'
import type { Deps, RunOptions } from '../../session/deps.ts'
import { startRedactedRun } from '../../session/run/redacted-run.ts'
import { connectImageHosts, type ImageHosts } from './image-hosts.ts'
import { type ImageStep, runImageSteps } from './image-steps.ts'
import { missingImages } from './missing-images.ts'

/** Machines that are sent the archive at once: all get it through one line, that of this machine. */
const AT_ONCE = 10

/** An archive of images; each machine is sent its own reading of it. */
export interface ImageArchive {
  readonly name: string
  /** Bytes. */
  readonly size: number
  open(): Readable
}

export interface LoadImagesOptions extends Pick<RunOptions, 'signal' | 'abort'> {
  readonly into: ImageHosts
  readonly archive: ImageArchive
  /** Also into machines that have all images of the cluster. Default: false. */
  readonly force?: boolean
}

export interface LoadImagesResult {
  /** Names of the machines that were sent the archive. */
  readonly loaded: readonly string[]
  /** Names of the machines that had all images of the cluster already. */
  readonly skipped: readonly string[]
}

/**
 * Sends an archive of images to the Docker of each machine that lacks one of the cluster's images; then warns of
 * those that were not in the archive.
 */
export function loadImages(
  given: ClusterConfig,
  deps: Deps,
  options: LoadImagesOptions,
): Run<LoadImagesResult> {
  return startRedactedRun(deps, options, async ({ emit, fill }) => {
    const config = await fill(given, accessParts)
    const images = imagesFor(config, deps.catalog ?? (await openCatalog()))
    const connected = await connectImageHosts(config, options.into, deps, options, emit)
    return closing(connected, ({ nodes }) => loadInto([...nodes.values()], images, options, emit))
  })
}

async function loadInto(
  nodes: readonly Node[],
  images: readonly string[],
  options: LoadImagesOptions,
  emit: Emit,
): Promise<LoadImagesResult> {
  const lacking = await lackingNodes(nodes, images)
  const chosen = options.force ? nodes : nodes.filter((node) => lacking.has(node))
  const steps = chosen.map((node) => loadStep(node, lacking.get(node) ?? [], options.archive))
  await runImageSteps(steps, options, emit, { images: AT_ONCE })
  for (const [{ address }, missing] of await lackingNodes(chosen, images)) {
    const text = `[${address}] still lacks ${missing.join(', ')}: not in ${options.archive.name}`
    emit({ type: 'notice', level: 'warning', area: 'images', text, node: address })
  }
  const names = (some: readonly Node[]): readonly string[] => some.map(({ address }) => address)
  return { loaded: names(chosen), skipped: names(nodes.filter((node) => !chosen.includes(node))) }
}

/** What each of the machines lacks; those that lack nothing are left out. */
async function lackingNodes(
  nodes: readonly Node[],
  images: readonly string[],
): Promise<ReadonlyMap<Node, readonly string[]>> {
  const missing = new Map<Node, readonly string[]>()
  await inParallel(nodes, AT_ONCE, async (node) => {
    missing.set(node, await missingImages(node, images))
  })
  return new Map(
    nodes.flatMap((node) => (missing.get(node)?.length ? [[node, missing.get(node) ?? []]] : [])),
  )
}

function loadStep(node: Node, missing: readonly string[], archive: ImageArchive): ImageStep {
  const { size } = archive
  return {
    id: `node/${node.address}/images`,
    kind: 'images.load',
    node: node.address,
    title: `load images from ${archive.name}`,
    because: [missing.length === 0 ? { kind: 'asked-for' } : { kind: 'images-missing', images: missing }],
    after: [],
    window: 'images',
    interruptible: true,
    run: async ({ signal, progress }) => {
      let reported = -1
      const onProgress = (bytes: number): void => {
        const percent = Math.floor((bytes * 100) / size)
        if (percent === reported) return
        reported = percent
        progress(bytes === size ? 'unpacking' : 'sending', { done: bytes, total: size })
      }
      await node.docker.loadImages(archive.open(), { onProgress, signal })
    },
  }
}
