import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkArchivePath, findArchive, writeArchive } from '../../../../src/cli/local/files/archive-file.ts'
import { DockerError } from '../../../../src/errors.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rke-archive-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('an archive that is written', () => {
  test('is as it came, and compressed if its name says so', async () => {
    await writeArchive(join(folder, 'a.tar'), Readable.from(['one', 'two']))
    expect(await readFile(join(folder, 'a.tar'), 'utf8')).toBe('onetwo')
    for (const name of ['a.tar.gz', 'a.tgz']) {
      await writeArchive(join(folder, name), Readable.from(['one', 'two']))
      expect(gunzipSync(await readFile(join(folder, name))).toString()).toBe('onetwo')
    }
  })

  test('that fails half-way leaves what was there, and nothing else', async () => {
    await writeFile(join(folder, 'a.tar'), 'before')
    async function* broken() {
      yield 'half'
      throw new DockerError('Docker went away')
    }
    await expect(writeArchive(join(folder, 'a.tar'), Readable.from(broken()))).rejects.toThrow(
      'Docker went away',
    )
    expect(await readFile(join(folder, 'a.tar'), 'utf8')).toBe('before')
    expect(await readdir(folder)).toEqual(['a.tar'])
  })

  test('that cannot be written says where and why, and lets its source go', async () => {
    const archive = Readable.from(['x'])
    const path = join(folder, 'gone', 'a.tar')
    await expect(writeArchive(path, archive)).rejects.toThrow(
      `the archive ${path} cannot be written: there is no such file`,
    )
    expect(archive.destroyed).toBe(true)
  })

  test.each([
    ['', '--file is missing'],
    ['.', 'is a folder'],
    ['gone/a.tar', 'the folder of --file gone/a.tar is not there'],
  ])('to "%s" is refused beforehand', async (path, reason) => {
    await expect(checkArchivePath(path)).rejects.toThrow(reason)
  })
})

describe('an archive that is read', () => {
  test('can be read again and again', async () => {
    await writeFile(join(folder, 'a.tar'), 'content')
    const archive = await findArchive(join(folder, 'a.tar'))
    expect(archive.size).toBe(7)
    expect([await text(archive.open()), await text(archive.open())]).toEqual(['content', 'content'])
  })

  test('must be there, be a file, and hold something', async () => {
    await writeFile(join(folder, 'empty.tar'), '')
    await expect(findArchive('')).rejects.toThrow('--file is missing')
    await expect(findArchive(join(folder, 'gone.tar'))).rejects.toThrow('cannot read the archive')
    await expect(findArchive(folder)).rejects.toThrow('is not a file')
    await expect(findArchive(join(folder, 'empty.tar'))).rejects.toThrow('is empty')
  })
})
