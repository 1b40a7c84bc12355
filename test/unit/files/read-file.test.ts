import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readBytes, readText, readUpTo } from '../../../src/files/read-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'rke-read-'))
afterAll(() => rmSync(folder, { recursive: true }))
const path = join(folder, 'file')

test('a file is read to its end, if it is not larger than it may be', async () => {
  writeFileSync(path, 'größe')
  expect(await readText(path, 7)).toBe('größe')
  await expect(readBytes(path, 6)).rejects.toThrow('it is larger than')
  writeFileSync(path, '')
  expect(await readText(path, 7)).toBe('')
})

test('a device that never ends is read no further', async () => {
  await expect(readBytes('/dev/zero', 100_000)).rejects.toThrow('it is larger than 1 MiB')
  expect(await readUpTo('/dev/zero', 3)).toEqual(Buffer.alloc(3))
})

test.each([
  ['missing', 'ENOENT'],
  ['', 'EISDIR'],
])('what cannot be read is the error of the file system: %j', async (name, code) => {
  await expect(readText(join(folder, name), 10)).rejects.toMatchObject({ code })
})
