import { clusterImages, unlisted } from '../../operations/images/cluster-images.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { doneBut } from '../exit-codes.ts'
import { openOffline } from '../local/open-cluster.ts'
import { chooseSideRenderer } from '../output/renderers/choose-renderer.ts'
import { withRenderer } from '../running/follow.ts'

/** `rke images list`: prints the images that a cluster needs. They alone go to standard output. */
export const imagesListCommand: CommandAction = async (flags, context) =>
  withRenderer(await chooseSideRenderer(context), context, async (following) => {
    const { config, deps } = await openOffline(flags, context.io, following)
    const { images, leftOut } = await clusterImages(config, deps, following.stop)
    for (const what of leftOut) following.renderer.say('warning', `[addons] ${unlisted(what)}`)
    following.renderer.end()
    const { kubernetesVersion } = config
    const text =
      flags.text('output') === 'json'
        ? JSON.stringify({ kubernetesVersion, images, leftOut }, undefined, 2)
        : images.join('\n')
    context.io.stdout.write(`${text}\n`)
    return doneBut(leftOut)
  })
