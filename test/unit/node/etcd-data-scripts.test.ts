import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  DISCARD_SCRIPT,
  ETCD_DATA,
  PUT_BACK_SCRIPT,
  SET_ASIDE_SCRIPT,
} from '../../../src/node/snapshots/etcd-data-scripts.ts'
import { READ_DATA_SCRIPT } from '../../../src/node/snapshots/recover-scripts.ts'

const FIRST = '2026-01-01T10:00:00.000Z'
const LATER = '2026-06-01T10:00:00.000Z'

let data: string

/** Runs a script as the helper container does, in a folder of this test. */
const run = (script: string, restore: string): void => {
  execFileSync('sh', ['-c', script.replaceAll(ETCD_DATA, data), 'etcd-data', restore])
}

const write = (text: string): void => {
  mkdirSync(join(data, 'member'), { recursive: true })
  writeFileSync(join(data, 'member/db'), text)
}

const current = (): string | undefined =>
  existsSync(join(data, 'member/db')) ? readFileSync(join(data, 'member/db'), 'utf8') : undefined

/** What the reader of the directory says of restores. */
function reported(): readonly string[] {
  const script = READ_DATA_SCRIPT.replaceAll('/host/etcd', data)
  const text = execFileSync('sh', ['-c', script, 'etcd-data', 'none']).toString()
  return text.split('\n').filter((line) => /^(restore|before|moving) /.test(line))
}

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'etcd-data-'))
  write('old world')
})

describe('data of etcd that is set aside', () => {
  it('is put back as it was, however often the restore was tried', () => {
    run(SET_ASIDE_SCRIPT, FIRST)
    expect(current()).toBeUndefined()
    write('half restored')
    run(SET_ASIDE_SCRIPT, FIRST)
    expect(current()).toBeUndefined()
    write('restored')
    run(PUT_BACK_SCRIPT, FIRST)
    expect(current()).toBe('old world')
    expect(readdirSync(data)).toEqual(['member'])
  })

  it('is deleted by its own restore', () => {
    run(SET_ASIDE_SCRIPT, FIRST)
    write('restored')
    run(DISCARD_SCRIPT, FIRST)
    expect(current()).toBe('restored')
    expect(readdirSync(data)).toEqual(['member'])
  })

  it('is kept by another restore, which sets aside what there is by then, and puts that back', () => {
    run(SET_ASIDE_SCRIPT, FIRST)
    write('used for months')
    run(SET_ASIDE_SCRIPT, LATER)
    expect(current()).toBeUndefined()
    write('restored')
    run(PUT_BACK_SCRIPT, LATER)
    expect(current()).toBe('used for months')
    const [kept = ''] = readdirSync(data).filter((name) => name.startsWith('before-restore-'))
    expect(readFileSync(join(data, kept, 'member/db'), 'utf8')).toBe('old world')
  })

  it('is neither put back nor deleted for another restore', () => {
    run(SET_ASIDE_SCRIPT, FIRST)
    write('used for months')
    run(PUT_BACK_SCRIPT, LATER)
    run(DISCARD_SCRIPT, LATER)
    expect(current()).toBe('used for months')
    expect(readFileSync(join(data, 'before-restore/member/db'), 'utf8')).toBe('old world')
  })

  it('is reported to whoever reads the directory, with its restore, also while it is being moved', () => {
    expect(reported()).toEqual([])
    run(SET_ASIDE_SCRIPT, FIRST)
    expect(reported()).toEqual([`restore ${FIRST}`, 'before yes'])
    renameSync(join(data, 'before-restore'), join(data, 'putting-back'))
    expect(reported()).toEqual(['moving yes'])
  })

  it('is reported to have been none where there was none', () => {
    rmSync(join(data, 'member'), { recursive: true })
    run(SET_ASIDE_SCRIPT, FIRST)
    write('restored')
    expect(reported()).toEqual([`restore ${FIRST}`])
  })
})
