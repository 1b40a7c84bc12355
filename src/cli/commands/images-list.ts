import { clusterImages, unlisted } from '../../operations/images/cluster-images.ts'
import type { CommandAction } from '../command-spec.ts'
import { doneBut } from '../exit-codes.ts'
import { withRenderer } from '../follow.ts'
import { readCluster } from '../local/read-cluster.ts'
import { chooseSideRenderer } from '../output/choose-renderer.ts'

/** `rke images list`: prints the images that a cluster needs. They alone go to standard output. */
export const imagesListCommand: CommandAction = async (flags, session) =>
  withRenderer(await chooseSideRenderer(session), session, async (following) => {
    const { config, deps } = await readCluster(flags, session.io, following)
    const { images, leftOut } = await clusterImages(config, deps, following.stop)
    for (const what of leftOut) following.renderer.say('warning', `[addons] ${unlisted(what)}`)
    following.renderer.end()
    const { kubernetesVersion } = config
    const text =
      flags.text('output') === 'json'
        ? JSON.stringify({ kubernetesVersion, images, leftOut }, undefined, 2)
        : images.join('\n')
    session.io.stdout.write(`${text}\n`)
    return doneBut(leftOut)
  })
