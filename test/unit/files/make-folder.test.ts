import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makeFolder } from '../../../src/files/make-folder.ts'

const root = mkdtempSync(join(tmpdir(), 'rke-folder-'))
afterAll(() => rmSync(root, { recursive: true }))

test('a folder is made with those above it, and may be there already', async () => {
  const path = join(root, 'a/b/c')
  await makeFolder(path, 0o700)
  await makeFolder(path)
  expect(statSync(path).isDirectory()).toBe(true)
  expect(statSync(join(root, 'a')).mode & 0o777).toBe(0o700)
})

test('many may make the same folder at once', async () => {
  await Promise.all(Array.from({ length: 10 }, () => makeFolder(join(root, 'd/e/f'))))
  expect(statSync(join(root, 'd/e/f')).isDirectory()).toBe(true)
})

test.each(['/proc/rke', '/proc/rke/x', '/proc/self/rke'])(
  'a file system that has no such folder and makes none is asked once: %s',
  async (path) => {
    await expect(makeFolder(path)).rejects.toThrow(/ENOENT|EROFS|EPERM|EACCES/)
  },
)

test.each(['file', 'file/below', 'dangling'])('what is no folder is an error: %s', async (name) => {
  writeFileSync(join(root, 'file'), '')
  if (name === 'dangling') symlinkSync(join(root, 'nowhere'), join(root, name))
  await expect(makeFolder(join(root, name))).rejects.toThrow(/EEXIST|ENOTDIR|ENOENT/)
})
