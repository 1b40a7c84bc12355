import { describe, expect, test } from 'vitest'
import manifest from '../../../package.json' with { type: 'json' }
import type { CommandSpec } from '../../../src/cli/command-tree/command-spec.ts'
import { commandTree } from '../../../src/cli/command-tree/command-tree.ts'
import { main } from '../../../src/cli/main.ts'
import { leaves } from '../../../src/cli/parsing/help.ts'
import { type FakeIoOptions, fakeIo } from './fake-io.ts'

async function rke(line: string, options?: FakeIoOptions) {
  const io = fakeIo(options)
  const code = await main(line === '' ? [] : line.split(' '), io)
  return { code, out: io.stdout.text(), err: io.stderr.text() }
}

test('--version prints the version of the package', async () => {
  expect(await rke('--version')).toEqual({ code: 0, out: `rke version v${manifest.version}\n`, err: '' })
})

describe('help', () => {
  test.each(['', '--help', '-h', 'help', 'h'])('"rke %s" shows the commands and succeeds', async (line) => {
    const { code, out } = await rke(line)
    expect(code).toBe(0)
    for (const name of ['up', 'plan', 'remove', 'etcd']) expect(out).toMatch(new RegExp(`^  ${name}\\b`, 'm'))
  })

  test.each(['up --help', 'up -h', 'help up', 'h up'])('"rke %s" shows the flags of up', async (line) => {
    const { code, out } = await rke(line)
    expect(code).toBe(0)
    expect(out).toContain('--disable-port-check')
  })

  test.each(['help etcd snapshot-save', 'h etcd snapshot-save', 'etcd help snapshot-save'])(
    '"rke %s" shows the flags of the command below',
    async (line) => {
      const { code, out } = await rke(line)
      expect(code).toBe(0)
      expect(out).toContain('--s3-endpoint')
    },
  )

  test.each(['etcd', 'etcd --help', 'etcd help', 'help etcd'])('"rke %s" shows the group', async (line) => {
    const { code, out } = await rke(line)
    expect(code).toBe(0)
    expect(out).toContain('snapshot-save')
  })
})

test.each(['frobnicate', 'etcd frobnicate', 'help frobnicate', 'etcd help frobnicate'])(
  'an unknown command, "rke %s", ends with 3 and one line on standard error',
  async (line) => {
    expect(await rke(line)).toEqual({ code: 3, out: '', err: "No help topic for 'frobnicate'\n" })
  },
)

describe('wrong use ends with 1, the usage and a fatal line', () => {
  test.each([
    ['up --frobnicate', 'Usage: rke up', '--frobnicate'],
    ['up --debug', 'Usage: rke up', '--debug'],
    ['--frobnicate up', 'Usage: rke ', '--frobnicate'],
    ['plan --output yaml', 'Usage: rke plan', 'yaml'],
    ['config -se', 'Usage: rke config', "unknown option '-se'"],
    ['plan -x', 'Usage: rke plan', "unknown option '-x'"],
    ['config -e --empty', 'Usage: rke config', '--empty and -e are the same flag'],
    ['config --print=maybe', 'Usage: rke config', '--print is true or false'],
    ['etcd snapshot-save --name', 'Usage: rke etcd snapshot-save', '--name needs a value'],
  ])('rke %s', async (line, usage, culprit) => {
    const { code, out } = await rke(line)
    expect(code).toBe(1)
    expect(out).toContain(usage)
    expect(out).toMatch(new RegExp(`level=fatal msg=.*${culprit}`))
  })
})

describe('words that are no flags', () => {
  /** Commands of RKE, which ignore them; scripts rely on it. */
  const ofRke = [
    ...['up', 'remove', 'version', 'config', 'cert generate-csr', 'cert rotate', 'encrypt rotate-key'],
    ...['etcd snapshot-save', 'etcd snapshot-restore', 'util get-state-file', 'util get-kubeconfig'],
  ]

  test('are taken or refused by every command that RKE does not have, and by no other', () => {
    const ignoring = leaves(commandTree).filter(({ spec }) => spec.words === undefined)
    expect(ignoring.map(({ name }) => name).sort()).toEqual(ofRke.map((name) => `rke ${name}`).sort())
  })

  test.each(['plan', 'config schema', 'images list', 'images save', 'images load', 'completion bash'])(
    'are refused: rke %s other.yml',
    async (line) => {
      const { code, out } = await rke(`${line} other.yml`)
      expect(code).toBe(1)
      expect(out).toContain(`Usage: rke ${line}`)
      expect(out).toContain(`\\"rke ${line}\\" takes no argument \\"other.yml\\"`)
      if (!/schema|completion/.test(line)) expect(out).toContain('a cluster file is named with --config')
    },
  )

  test('name the file that is validated', async () => {
    const { code, err } = await rke('config validate /nowhere/a.yml', {
      env: { RKE_CONFIG: '/nowhere/b.yml' },
    })
    expect(code).toBe(10)
    expect(err).toContain('cannot find the cluster file /nowhere/a.yml')
  })

  test.each(['config validate a.yml b.yml', 'config validate a.yml --config b.yml'])(
    'of which there may be one: rke %s',
    async (line) => {
      const { code, out } = await rke(line)
      expect(code).toBe(1)
      expect(out).toContain('takes one file; name it once')
    },
  )

  test('have no effect on commands of RKE, and a warning says so', async () => {
    const { err, out } = await rke('up prod.yml --config /nowhere/a.yml')
    expect(out).toContain('cannot find the cluster file /nowhere/a.yml')
    expect(err).toMatch(
      /level=warning msg="Ignored, as in RKE: prod.yml; a cluster file is named with --config"/,
    )
    expect((await rke('config -l words')).out).toMatch(/^v1\.\S+\n$/)
    expect((await rke('--quiet config -l words')).err).toBe('')
  })

  test('that were meant to be a command of ours start no questions', async () => {
    expect(await rke('config validat')).toEqual({ code: 3, out: '', err: "No help topic for 'validat'\n" })
  })
})

describe('what is not there yet is refused, never ignored', () => {
  test.each([
    ['up --dind-dns-server 1.1.1.1', 'the flag --dind-dns-server of "rke up"'],
    ['up -dind', 'the flag --dind of "rke up"'],
    ['remove --dind --force', 'the flag --dind of "rke remove"'],
  ])('rke %s', async (line, what) => {
    const { code, out } = await rke(line)
    expect(code).toBe(1)
    expect(out).toContain(`${what.replaceAll('"', '\\"')} is not supported yet`)
  })

  test('a flag set to its default is no use of it', async () => {
    const { out } = await rke('up --local=false --dind-dns-server 8.8.8.8 --config /nowhere/cluster.yml')
    expect(out).toContain('cannot find the cluster file /nowhere/cluster.yml')
  })
})

describe('the cluster file', () => {
  test.each([
    ['plan --config /nowhere/a.yml', {}, '/nowhere/a.yml'],
    ['plan', { RKE_CONFIG: '/nowhere/b.yml' }, '/nowhere/b.yml'],
    ['plan --config /nowhere/a.yml', { RKE_CONFIG: '/nowhere/b.yml' }, '/nowhere/a.yml'],
    ['plan --config /nowhere/a.yml --config /nowhere/c.yml', {}, '/nowhere/c.yml'],
  ])('"rke %s" with %j reads %s', async (line, env, path) => {
    const { code, err } = await rke(line, { env })
    expect(code).toBe(10)
    expect(err).toContain(`cannot find the cluster file ${path}`)
  })

  test.each(['plan --config=', 'plan'])('an empty name, "rke %s", is refused', async (line) => {
    const { code, err } = await rke(line, { env: { RKE_CONFIG: '' } })
    expect(code).toBe(10)
    expect(err).toContain('the name of the cluster file is empty')
  })
})

test('--quiet tells only a fatal error, and that on standard error', async () => {
  const { code, out, err } = await rke('--quiet up --config /nowhere/cluster.yml')
  expect(code).toBe(10)
  expect(out).toBe('')
  expect(err).toContain('cannot find the cluster file /nowhere/cluster.yml')
})

test('stack traces are for --debug', async () => {
  expect((await rke('plan --config /nowhere/x')).err).not.toContain('.ts:')
  expect((await rke('--debug plan --config /nowhere/x')).err).toContain('.ts:')
})

test('commands and flags keep their names: scripts use them', () => {
  const names = (spec: CommandSpec): string[] => [
    ...spec.flags.map(({ name }) => `${spec.name} --${name}`),
    ...(spec.commands ?? []).flatMap(names),
  ]
  expect(names(commandTree)).toMatchSnapshot()
})
