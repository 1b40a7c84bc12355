import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { main } from '../../../src/cli/main.ts'
import { fakeIo } from './fake-io.ts'

let folder = ''
let script = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rke-completion-'))
  for (const name of ['prod.yml', 'prod copy.yml']) writeFileSync(join(folder, name), '')
  mkdirSync(join(folder, 'products'))
  script = await scriptFor('bash')
})
afterAll(() => rmSync(folder, { recursive: true }))

async function scriptFor(shell: string): Promise<string> {
  const io = fakeIo()
  expect(await main(['completion', shell], io)).toBe(0)
  return io.stdout.text()
}

/** What bash offers for a line whose last word is being typed. */
function offered(...words: readonly string[]): readonly string[] {
  const all = ['rke', ...words]
  const list = all.map((word) => `'${word}'`).join(' ')
  const run = `${script}\nset -u\nCOMP_WORDS=(${list})\nCOMP_CWORD=${all.length - 1}\n_rke\nprintf '%s\\n' "\${COMPREPLY[@]-}"`
  const said = execFileSync('bash', ['--norc', '-c', run], { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
  return said.split('\n').filter((line) => line !== '')
}

describe('bash', () => {
  test('completes commands, and commands below them', () => {
    expect(offered('')).toEqual(expect.arrayContaining(['up', 'plan', 'etcd', 'images', 'help']))
    expect(offered('re')).toEqual(['remove'])
    expect(offered('etcd', '')).toEqual(
      expect.arrayContaining(['snapshot-save', 'snapshot-restore', 'snapshot-ls', 'recover', 'help']),
    )
    expect(offered('images', 'l')).toEqual(['list', 'load'])
  })

  test('completes the flags of the command that stands there, and global ones only before it', () => {
    expect(offered('up', '--dry')).toEqual(['--dry-run'])
    expect(offered('--de')).toEqual(['--debug'])
    expect(offered('up', '--de')).toEqual([])
    expect(offered('--debug', 'etcd', 'snapshot-restore', '--use')).toEqual(['--use-local-state'])
    expect(offered('config', '--p')).toEqual(['--print'])
    expect(offered('plan', '')).toEqual(expect.arrayContaining(['--config', '--output']))
  })

  test('completes the values that a flag may have, also behind a sign', () => {
    expect(offered('up', '--output', '')).toEqual(['auto', 'text', 'json'])
    expect(offered('plan', '--output', 'j')).toEqual(['json'])
    expect(offered('plan', '--output', '=')).toEqual(['text', 'json'])
    expect(offered('plan', '--output', '=', 't')).toEqual(['text'])
  })

  test('completes files for --config, with blanks in their names, and for other flags with files', () => {
    expect([...offered('up', '--config', 'pro')].sort()).toEqual(['prod copy.yml', 'prod.yml', 'products'])
    expect(offered('up', '--config', '=', 'prod.')).toEqual(['prod.yml'])
    expect(offered('config', '-n', 'prod.')).toEqual(['prod.yml'])
    expect(offered('images', 'save', '--file', 'prod.')).toEqual(['prod.yml'])
    expect(offered('up', '--cert-dir', 'pro')).toEqual(['products'])
  })

  test('completes files where a command takes one by itself', () => {
    expect(offered('config', 'validate', 'prod.')).toEqual(['prod.yml'])
    expect(offered('plan', 'prod.')).toEqual([])
  })

  test('offers nothing where a value is free', () => {
    expect(offered('etcd', 'snapshot-save', '--name', '')).toEqual([])
  })

  test('does not take a value for a command', () => {
    expect(offered('config', '--name', 'validate', '--e')).toEqual(['--empty'])
    expect(offered('config', '--name', '=', 'validate', '--e')).toEqual(['--empty'])
    expect(offered('config', 'validate', '--str')).toEqual(['--strict'])
  })
})

test.each([
  ['bash', ['-n']],
  ['zsh', ['-n']],
  ['fish', ['--no-execute']],
] as const)(
  'the script for %s has no mistake that the shell itself finds, where there is one',
  async (shell, args) => {
    const text = await scriptFor(shell)
    const path = join(folder, `script.${shell}`)
    writeFileSync(path, text)
    expect(text).toContain('snapshot-restore')
    if (hasProgram(shell)) execFileSync(shell, [...args, path], { stdio: 'pipe' })
  },
)

function hasProgram(name: string): boolean {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
