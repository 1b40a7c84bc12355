import { schemaText } from '../../src/cli/local/schema-text.ts'
import { clusterPage } from './cluster-page.ts'
import { commandsPage } from './commands-page.ts'

/** Files of docs/ that are made from the program itself, by their names there. */
export const generatedFiles: Readonly<Record<string, () => string>> = {
  'cluster-yml.md': clusterPage,
  'commands.md': commandsPage,
  'cluster.schema.json': schemaText,
}
