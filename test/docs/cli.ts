import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generatedFiles } from './generated-files.ts'

// npm run docs: writes the pages that are made from the program itself.
for (const [name, text] of Object.entries(generatedFiles)) {
  await writeFile(join(import.meta.dirname, '../../docs', name), text())
}
