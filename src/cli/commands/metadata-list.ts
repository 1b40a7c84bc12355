import type { CommandAction } from '../command-tree/command-spec.ts'
import { DONE } from '../exit-codes.ts'
import { importsOf } from '../local/metadata/imports.ts'
import { importsJson, importsTable } from '../output/imports-table.ts'

/** `rke metadata list`: prints the imported documents, the one that goes first on top. */
export const metadataListCommand: CommandAction = async (flags, { io }) => {
  const documents = await importsOf(io).list()
  io.stdout.write(flags.text('output') === 'json' ? importsJson(documents) : importsTable(documents))
  return DONE
}
