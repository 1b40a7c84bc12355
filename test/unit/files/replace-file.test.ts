import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { chmod, chown, mkdir, open, rename, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type FileCalls, replaceText } from '../../../src/files/replace-file.ts'

const root = mkdtempSync(join(tmpdir(), 'rke-replace-'))
afterAll(() => rmSync(root, { recursive: true }))
let path = ''
beforeEach(async () => {
  path = join(mkdtempSync(join(root, 'case-')), 'file')
})

const failing = (code: string): Promise<never> =>
  Promise.reject(Object.assign(new Error(`${code}: not here`), { code }))
/** A file that is mounted by itself: another one can be made beside it, but not put in its place. */
const mounted: FileCalls = { open, rename: () => failing('EBUSY') }
const names = (): readonly string[] => readdirSync(join(path, '..'))

test('a new file is for its owner alone, if nothing else is said', async () => {
  await replaceText(path, 'a')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readFileSync(path, 'utf8')).toBe('a')
  expect(names()).toEqual(['file'])
})

describe('a file that is there keeps', () => {
  test.each(['640', '604', '666', '400'])('its mode 0%s, whatever the mask is', async (digits) => {
    const mode = Number.parseInt(digits, 8)
    await writeFile(path, 'a')
    await chmod(path, mode)
    await replaceText(path, 'b', { mode: 0o600 })
    expect(statSync(path).mode & 0o777).toBe(mode)
    expect(readFileSync(path, 'utf8')).toBe('b')
  })

  test('its owner', async () => {
    // Only root can give a file away.
    const { gid, uid } = process.getuid?.() === 0 ? { uid: 4242, gid: 4343 } : await stat(root)
    await writeFile(path, 'a')
    await chown(path, uid, gid)
    await replaceText(path, 'b')
    expect(statSync(path)).toMatchObject({ uid, gid })
  })

  test('being one: it is replaced in one step, and is never half written', async () => {
    await writeFile(path, 'a')
    const { ino } = statSync(path)
    const handle = await open(path)
    await replaceText(path, 'b')
    expect(statSync(path).ino).not.toBe(ino)
    expect(await handle.readFile('utf8')).toBe('a')
    await handle.close()
  })

  test('its links to it', async () => {
    const link = `${path}.link`
    await writeFile(path, 'a')
    symlinkSync(path, link)
    await replaceText(link, 'b')
    expect(readFileSync(path, 'utf8')).toBe('b')
    expect(names()).toEqual(['file', 'file.link'])
  })
})

describe('a file that cannot be replaced is written in its place, with its inode,', () => {
  const inPlace = async (calls: FileCalls): Promise<void> => {
    await writeFile(path, 'a long text that was there before', { mode: 0o640 })
    const { ino, mode } = statSync(path)
    await replaceText(path, 'short', { calls })
    expect(readFileSync(path, 'utf8')).toBe('short')
    expect(statSync(path)).toMatchObject({ ino, mode })
    expect(names()).toEqual(['file'])
  }

  test('where it is mounted by itself', () => inPlace(mounted))
  test.each(['EACCES', 'EROFS', 'EPERM'])('where its folder cannot be written: %s', (code) =>
    inPlace({ open: () => failing(code), rename }),
  )
})

describe('nothing changes', () => {
  test.each(['ENOSPC', 'EIO'])('when the new content cannot be kept: %s', async (code) => {
    await writeFile(path, 'a')
    await expect(replaceText(path, 'b', { calls: { open: () => failing(code), rename } })).rejects.toThrow(
      code,
    )
    expect(readFileSync(path, 'utf8')).toBe('a')
  })

  test('where there is a folder of that name, or none to write to', async () => {
    await mkdir(path)
    await expect(replaceText(path, 'b')).rejects.toThrow(/EISDIR/)
    await expect(replaceText(join(root, 'missing', 'file'), 'b')).rejects.toThrow(/ENOENT/)
    expect(names()).toEqual(['file'])
  })
})

test('a device stays a device', async () => {
  await replaceText('/dev/null', 'gone')
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
})
