import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const src = join(import.meta.dirname, '../../../src')

/** What code says, without what its comments say. */
function code(path: string): string {
  return readFileSync(join(src, path), 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/(^|\s)\/\/.*$/gm, '')
}

/** Says in a lock who holds it, and asks whether that process still lives. */
const NEEDS_ITS_PROCESS = ['state/file-lock.ts']

test('only the executable touches the process and the console: a library must not', () => {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
  expect(files.length).toBeGreaterThan(100)
  const guilty = files.filter((path) => /(?<![\w.'-])(process|console)\s*(\.|\[)/.test(code(path)))
  expect(guilty).toEqual(NEEDS_ITS_PROCESS)
})
