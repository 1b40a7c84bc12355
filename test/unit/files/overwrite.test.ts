import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { overwrite } from '../../../src/files/overwrite.ts'

const folder = mkdtempSync(join(tmpdir(), 'rke-overwrite-'))
afterAll(() => rmSync(folder, { recursive: true }))
const path = join(folder, 'file')

test.each(['a longer text than before', 'x', ''])(
  'a file holds just what is written, and is the same: %j',
  async (text) => {
    await writeFile(path, 'what was before')
    const { ino } = statSync(path)
    await overwrite(path, (file) => file.writeFile(text))
    expect(readFileSync(path, 'utf8')).toBe(text)
    expect(statSync(path).ino).toBe(ino)
  },
)

test('a file that could not be written to its end has its old content again', async () => {
  await writeFile(path, 'what was before')
  const writing = overwrite(path, async (file) => {
    await file.writeFile('half of ')
    throw new TypeError('ENOSPC')
  })
  await expect(writing).rejects.toThrow('ENOSPC')
  expect(readFileSync(path, 'utf8')).toBe('what was before')
})
