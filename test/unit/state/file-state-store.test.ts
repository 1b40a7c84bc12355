import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { LockError, StateError } from '../../../src/errors.ts'
import { FileStateStore } from '../../../src/state/file-state-store.ts'
import { stateWith, storeContract } from './store-contract.ts'

let root = ''
let folder = ''
let path = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'rke-state-'))
})
beforeEach(() => {
  folder = mkdtempSync(join(root, 'case-'))
  path = join(folder, 'cluster.rkestate')
})
afterAll(() => rmSync(root, { recursive: true }))

const files = () => readdirSync(folder).sort()

describe('in a file', () => {
  storeContract(() => new FileStateStore(path))

  test('only the owner may read the state and its backup', async () => {
    const { revision } = await new FileStateStore(path).save(stateWith('a'), undefined)
    await new FileStateStore(path).save(stateWith('b'), revision)
    expect([path, `${path}.bak`].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600])
  })

  test('a state that others may read stays readable to them', async () => {
    const { revision } = await new FileStateStore(path).save(stateWith('a'), undefined)
    chmodSync(path, 0o640)
    await new FileStateStore(path).save(stateWith('b'), revision)
    expect(statSync(path).mode & 0o777).toBe(0o640)
  })

  test('the backup is the content before the first save of a run', async () => {
    const before = await new FileStateStore(path).save(stateWith('before'), undefined)
    const original = readFileSync(path, 'utf8')
    const store = new FileStateStore(path)
    const { revision } = await store.save(stateWith('one'), before.revision)
    await store.save(stateWith('two'), revision)
    expect(readFileSync(`${path}.bak`, 'utf8')).toBe(original)
    expect(files()).toEqual(['cluster.rkestate', 'cluster.rkestate.bak'])
  })

  test('an unchanged state is not written', async () => {
    const store = new FileStateStore(path)
    const { revision } = await store.save(stateWith('a'), undefined)
    const { ino } = statSync(path)
    expect(await store.save(stateWith('a'), revision)).toEqual({ revision })
    expect(statSync(path).ino).toBe(ino)
    expect(files()).toEqual(['cluster.rkestate'])
  })

  test('a link stays a link', async () => {
    const real = join(folder, 'real.json')
    writeFileSync(real, '{}')
    symlinkSync(real, path)
    const store = new FileStateStore(path)
    const loaded = await store.load()
    await store.save(stateWith('a'), loaded?.revision)
    expect(readFileSync(real, 'utf8')).toContain('"a"')
  })

  test('a change by another program is noticed', async () => {
    const store = new FileStateStore(path)
    const { revision } = await store.save(stateWith('a'), undefined)
    writeFileSync(path, '{}')
    await expect(store.save(stateWith('b'), revision)).rejects.toThrow(/changed by someone else/)
    expect(readFileSync(path, 'utf8')).toBe('{}')
  })

  test('an empty file holds no state yet', async () => {
    writeFileSync(path, '', { mode: 0o640 })
    const store = new FileStateStore(path)
    expect(await store.load()).toBeUndefined()
    await store.save(stateWith('a'), undefined)
    expect(await store.load()).toMatchObject({ state: stateWith('a') })
    expect(files()).toEqual(['cluster.rkestate'])
  })

  test('a damaged file is an error that names it', async () => {
    writeFileSync(path, '{"desiredState":')
    await expect(new FileStateStore(path).load()).rejects.toThrow(StateError)
    await expect(new FileStateStore(path).load()).rejects.toThrow(path)
  })

  test('when the disk is full the old state stays whole and nothing else is left', async () => {
    const { revision } = await new FileStateStore(path).save(stateWith('a'), undefined)
    const before = readFileSync(path, 'utf8')
    const openFull = async (...args: Parameters<typeof open>) => {
      const file = await open(...args)
      if (String(args[0]).includes('.bak')) return file
      return Object.assign(file, {
        writeFile: async () => {
          await file.write('half of ')
          throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
        },
      })
    }
    const full = new FileStateStore(path, { open: openFull, rename })
    await expect(full.save(stateWith('b'), revision)).rejects.toThrow(/cannot be written: no space left/)
    expect(readFileSync(path, 'utf8')).toBe(before)
    expect(files()).toEqual(['cluster.rkestate', 'cluster.rkestate.bak'])
  })
})

describe('the lock file', () => {
  const lockFile = () => `${path}.lock`
  const holder = (changes: object) =>
    writeFileSync(
      lockFile(),
      JSON.stringify({
        owner: 'rke up',
        pid: process.pid,
        born: '',
        host: hostname(),
        since: '2026-01-02T03:04:05.000Z',
        token: 't',
        ...changes,
      }),
    )
  const deadPid = () => spawnSync(process.execPath, ['--version']).pid

  test('is there while the lock is held, and names its holder', async () => {
    const lock = await new FileStateStore(path).lock('rke up')
    expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toMatchObject({ owner: 'rke up', pid: process.pid })
    await expect(new FileStateStore(path).lock('rke up')).rejects.toThrow(
      new RegExp(`rke up \\(process ${process.pid} on ${hostname()}, since `),
    )
    await lock.release()
    expect(files()).toEqual([])
  })

  test('of a process that is gone is replaced', async () => {
    holder({ pid: deadPid() })
    const lock = await new FileStateStore(path).lock('rke up')
    await lock.release()
    expect(files()).toEqual([])
  })

  test('of a process whose number another one has now is replaced', async () => {
    holder({ born: '1' })
    const lock = await new FileStateStore(path).lock('rke up')
    await lock.release()
  })

  test('of another machine stays, whatever its process number', async () => {
    holder({ pid: deadPid(), host: 'elsewhere' })
    const attempt = new FileStateStore(path).lock('rke up')
    await expect(attempt).rejects.toThrow(/on elsewhere, since 2026-01-02/)
    await expect(attempt).rejects.toMatchObject({ hint: expect.stringContaining(lockFile()) })
  })

  test('that cannot be read counts as held', async () => {
    writeFileSync(lockFile(), '')
    await expect(new FileStateStore(path).lock('rke up')).rejects.toThrow(LockError)
  })

  test('goes to exactly one of many that want it, even over a dead one', async () => {
    holder({ pid: deadPid() })
    const attempts = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => new FileStateStore(path).lock(`run ${index}`)),
    )
    const won = attempts.filter((attempt) => attempt.status === 'fulfilled')
    expect(won).toHaveLength(1)
    await won[0]?.value.release()
    expect(files()).toEqual([])
  })

  test('in a folder that cannot be written is an error with the reason', async () => {
    const attempt = new FileStateStore(join(folder, 'missing', 'c.rkestate')).lock('rke up')
    await expect(attempt).rejects.toThrow(/cannot create the lock file.*no such file/)
  })

  test('is not taken once the run is cancelled', async () => {
    await expect(new FileStateStore(path).lock('rke up', AbortSignal.abort())).rejects.toThrow()
    expect(files()).toEqual([])
  })
})
