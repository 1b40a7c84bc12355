import { checkDocument } from '../../operations/metadata/check-document.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { DONE } from '../exit-codes.ts'
import { importsOf, namedImports } from '../local/metadata/imports.ts'
import { documentJson, documentText } from '../output/imports-table.ts'

/** `rke metadata show`: prints what is in imported documents. */
export const metadataShowCommand: CommandAction = async (flags, { io }) => {
  const store = importsOf(io)
  const print = flags.text('output') === 'json' ? documentJson : documentText
  for (const document of await namedImports(store, flags.list('name'))) {
    io.stdout.write(print(document, checkDocument(await store.read(document), document.source)))
  }
  return DONE
}
