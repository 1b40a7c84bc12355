import { ConfigError } from '../../errors.ts'
import { loadImages } from '../../operations/images/load-images.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { findArchive } from '../local/files/archive-file.ts'
import { localDocker } from '../local/local-docker.ts'
import { openCluster } from '../local/open-cluster.ts'
import { chooseRenderer } from '../output/renderers/choose-renderer.ts'
import type { Flags } from '../parsing/flags.ts'
import { withRenderer } from '../running/follow.ts'

/** `rke images load`: sends an archive of images to the Docker of each node. */
export const imagesLoadCommand: CommandAction = async (flags, context) =>
  withRenderer(await chooseRenderer(flags.text('output'), context), context, async (following) => {
    const archive = await findArchive(flags.text('file'))
    refuseBoth(flags)
    const { config, deps, options } = await openCluster(flags, context.io, following)
    const named = flags.list('nodes')
    const nodes = named.length > 0 ? named : config.nodes.map(({ address }) => address)
    const { loaded, skipped } = await following.follow(
      loadImages(config, deps, {
        ...options,
        into: flags.on('local') ? await localDocker(context.io.env) : { nodes },
        archive,
        force: flags.on('force'),
      }),
    )
    const { renderer } = following
    if (skipped.length > 0) {
      renderer.say('info', `All images are there already: [${skipped.join(',')}]; --force loads them again`)
    }
    if (loaded.length > 0) renderer.say('info', `Loaded [${archive.name}] into [${loaded.join(',')}]`)
    return 0
  })

function refuseBoth(flags: Flags): void {
  if (!flags.on('local') || flags.list('nodes').length === 0) return
  throw new ConfigError('--local and --nodes cannot be used together', { hint: 'give one of them' })
}
