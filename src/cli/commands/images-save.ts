import { saveImages } from '../../operations/images/save-images.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { doneBut } from '../exit-codes.ts'
import { checkArchivePath, writeArchive } from '../local/files/archive-file.ts'
import { localDocker } from '../local/local-docker.ts'
import { openCluster } from '../local/open-cluster.ts'
import { chooseRenderer } from '../output/renderers/choose-renderer.ts'
import { withRenderer } from '../running/follow.ts'

/** `rke images save`: pulls the images that a cluster needs and keeps them in one file. */
export const imagesSaveCommand: CommandAction = async (flags, context) =>
  withRenderer(await chooseRenderer(flags.text('output'), context), context, async (following) => {
    const file = flags.text('file')
    await checkArchivePath(file)
    const { config, deps, options } = await openCluster(flags, context.io, following)
    const node = flags.text('node')
    const { images, leftOut } = await following.follow(
      saveImages(config, deps, {
        ...options,
        from: node === '' ? await localDocker(context.io.env) : { nodes: [node] },
        write: (archive) => writeArchive(file, archive),
      }),
    )
    following.renderer.say('info', `Saved ${images.length} images to [${file}]`)
    return doneBut(leftOut)
  })
