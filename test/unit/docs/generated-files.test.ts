import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { generatedFiles } from '../../docs/generated-files.ts'

const docs = join(import.meta.dirname, '../../../docs')

test.each(Object.entries(generatedFiles))('docs/%s is what `npm run docs` writes', async (name, text) => {
  expect(await readFile(join(docs, name), 'utf8')).toBe(text())
})
