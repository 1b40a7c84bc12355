import { schemaText } from '../../src/cli/local/schema-text.ts'
import { clusterPage } from './cluster-page.ts'
import { commandsPage } from './commands-page.ts'
import { withExamples } from './with-examples.ts'

/** Files that are made from the program itself, or hold parts that are, by their paths below docs/. */
export const generatedFiles: Readonly<Record<string, () => string>> = {
  'cluster-yml.md': clusterPage,
  'commands.md': commandsPage,
  'cluster.schema.json': schemaText,
  'library.md': () => withExamples('docs/library.md'),
  '../README.md': () => withExamples('README.md'),
}
