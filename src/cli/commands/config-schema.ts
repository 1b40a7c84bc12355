import type { CommandAction } from '../command-tree/command-spec.ts'
import { schemaText } from '../local/schema-text.ts'

/** `rke config schema`: prints the JSON Schema of cluster files. */
export const configSchemaCommand: CommandAction = async (_, { io }) => {
  io.stdout.write(schemaText())
  return 0
}
