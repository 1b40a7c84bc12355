import { describe, expect, test } from 'vitest'
import type { CommandSpec } from '../../../src/cli/command-tree/command-spec.ts'
import { commandTree } from '../../../src/cli/command-tree/command-tree.ts'
import { main } from '../../../src/cli/main.ts'
import { parseArguments } from '../../../src/cli/parsing/parse-arguments.ts'
import { rewriteArguments } from '../../../src/cli/parsing/rewrite-arguments.ts'
import { fakeIo } from './fake-io.ts'

/** Every command with the words it is called by. */
function all(spec: CommandSpec, words: readonly string[] = []): readonly (readonly [string, CommandSpec])[] {
  return [[words.join(' '), spec], ...(spec.commands ?? []).flatMap((sub) => all(sub, [...words, sub.name]))]
}
const commands = all(commandTree)
const working = commands.filter(([, spec]) => spec.load !== undefined)

async function help(words: string, terminal?: { columns: number; rows: number }): Promise<string> {
  const io = fakeIo(terminal && { terminal })
  expect(await main([...words.split(' ').filter((word) => word !== ''), '--help'], io)).toBe(0)
  return io.stdout.text()
}

describe('the help of every command', () => {
  test.each(commands)(
    'rke %s: names its flags, those before the command, and examples',
    async (words, spec) => {
      const text = await help(words)
      for (const { name, help } of [...spec.flags, ...commandTree.flags]) {
        expect(text).toContain(`--${name}`)
        expect(text.replaceAll(/\n\s+/g, ' ')).toContain(help)
      }
      for (const { name } of spec.commands ?? []) expect(text).toMatch(new RegExp(`^ .*\\b${name}\\b`, 'm'))
      for (const { line } of spec.examples ?? []) expect(text).toContain(`\n  ${line}\n`)
      if (spec.load !== undefined) expect(text).toContain('\nExamples:\n')
    },
  )

  test('comes under headings', async () => {
    const headings = [...(await help('')).matchAll(/^(\w.*):$/gm)].map(([, title]) => title)
    expect(headings.slice(0, 3)).toEqual(['Cluster', 'Configuration', 'etcd'])
    expect(headings.slice(-2)).toEqual(['Flags, before the command', 'Examples'])
  })

  test('fits the terminal', async () => {
    for (const columns of [60, 80, 120]) {
      const lines = (await help('up', { columns, rows: 50 })).split('\n')
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns + 12)
    }
  })
})

test.each(working.flatMap(([, spec]) => (spec.examples ?? []).map(({ line }) => line)))(
  'the example "%s" is understood',
  async (line) => {
    const call = line.replace(/^source <\((.*)\)$/, '$1').replace(/ > .*$/, '')
    const args = rewriteArguments(call.split(' ').slice(1), commandTree)
    expect(await parseArguments(args, fakeIo())).toMatchObject({ kind: 'run' })
  },
)

test('every command at the top belongs to a group, and every flag and command says what it is for', () => {
  for (const { group, name } of commandTree.commands ?? []) expect(group, name).toBeTruthy()
  for (const [words, spec] of commands) {
    expect(spec.help, words).not.toBe('')
    for (const flag of spec.flags) expect(flag.help, `${words} --${flag.name}`).not.toBe('')
  }
})
