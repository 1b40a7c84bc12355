import type { CommandAction } from '../command-tree/command-spec.ts'
import { DONE } from '../exit-codes.ts'
import { idOf, importsOf, namedImports } from '../local/metadata/imports.ts'
import { chooseLogRenderer } from '../output/renderers/choose-renderer.ts'
import { withRenderer } from '../running/follow.ts'

/** `rke metadata remove`: deletes imported documents. */
export const metadataRemoveCommand: CommandAction = async (flags, context) =>
  withRenderer(await chooseLogRenderer(context, context.io.stdout), context, async ({ renderer }) => {
    const store = importsOf(context.io)
    for (const document of await namedImports(store, flags.list('name'))) {
      await store.remove(document)
      renderer.say('info', `[metadata] Removed ${idOf(document)}, which was imported from ${document.source}`)
    }
    return DONE
  })
