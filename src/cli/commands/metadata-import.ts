import { UsageError } from '../../errors.ts'
import { reportText } from '../../operations/metadata/check-document.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { DONE } from '../exit-codes.ts'
import { idOf, importDocument } from '../local/metadata/imports.ts'
import { chooseLogRenderer } from '../output/renderers/choose-renderer.ts'
import { withRenderer } from '../running/follow.ts'

/** `rke metadata import`: checks a metadata document and keeps it for later runs. */
export const metadataImportCommand: CommandAction = async (flags, context) =>
  withRenderer(await chooseLogRenderer(context, context.io.stdout), context, async ({ renderer, stop }) => {
    const source = flags.text('source')
    if (source === '') {
      throw new UsageError('what is imported is missing', {
        hint: 'name a URL, a data.json, or an rke executable',
      })
    }
    const { defaultVersion, document, report } = await importDocument(source, context.io, stop)
    for (const problem of [...report.unusable, ...report.overlaps])
      renderer.say('warning', `[metadata] ${problem}`)
    renderer.say('info', `[metadata] Imported ${reportText(report)}`)
    renderer.say(
      'info',
      `[metadata] It goes before what is built in, for the versions that it has; a cluster file that names no version gets ${defaultVersion}, as without it. To give it up: rke metadata remove ${idOf(document)}`,
    )
    return DONE
  })
