import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unreadable } from '../../../src/cli/local/cluster-file/read-cluster-file.ts'
import { main } from '../../../src/cli/main.ts'
import { clusterJsonSchema } from '../../../src/config/json-schema.ts'
import { pooledKeys } from '../../sim/key-pool.ts'
import { type FakeIoOptions, fakeIo } from './fake-io.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rke-validate-'))
  await mkdir(join(folder, '.ssh'))
  await writeFile(join(folder, '.ssh/id_rsa'), pkcs8(generateKeyPairSync('ed25519').privateKey))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

const pkcs8 = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()

/** The program as a user calls it who has a key where it is looked for. */
async function rke(line: string, { env, ...options }: FakeIoOptions = {}) {
  const io = fakeIo({ ...options, env: { HOME: folder, ...env }, world: { keys: pooledKeys } })
  const code = await main(line.split(' '), io)
  return { code, out: io.stdout.text(), err: io.stderr.text() }
}

/** What `rke config validate` says of a file with this content; its name is left out of the text. */
async function validated(content: string | Uint8Array, flags = '') {
  const path = join(folder, 'cluster.yml')
  await writeFile(path, content)
  const { code, out, err } = await rke(`config validate --config ${path} ${flags}`.trim())
  return { code, out: out.replaceAll(path, 'cluster.yml'), err: err.replaceAll(path, 'cluster.yml') }
}

const NODE = 'nodes:\n- {address: 10.0.0.1, user: me, role: [controlplane, etcd, worker]}\n'
const WARNING = `${NODE}colour: red\n`
const WRONG = `nodes:
- {address: 10.0.0.1, user: me, role: [etcd, master]}
clustername: a
network: {plugin: [canal]}
kubernetes_version: v1.99.0-rancher1-1
`

describe('rke config validate', () => {
  test('ends with 0 where nothing is wrong', async () => {
    expect(await validated(NODE)).toEqual({ code: 0, out: 'cluster.yml is valid\n', err: '' })
  })

  test('tells all problems at once, in the order of the file, and ends with 1', async () => {
    const { code, out, err } = await validated(WRONG)
    expect({ code, err }).toEqual({ code: 1, err: '' })
    const lines = out.trim().split('\n')
    expect(lines.map((line) => line.split(': ').slice(0, 3).join(' '))).toEqual([
      'warning cluster.yml:1:1 nodes',
      'warning cluster.yml:1:1 nodes',
      'error cluster.yml:2:46 nodes[0].role[1]',
      'warning cluster.yml:3:1 clustername',
      'error cluster.yml:4:19 network.plugin',
      'error cluster.yml:5:1 kubernetes_version',
      'cluster.yml has 3 errors and 3 warnings',
    ])
    expect(out).toContain('cluster_name')
  })

  test('takes warnings as they are, or as errors with --strict', async () => {
    expect(await validated(WARNING)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^warning: .*colour/),
    })
    const strict = await validated(WARNING, '--strict')
    expect(strict).toMatchObject({ code: 1, out: expect.stringMatching(/^error: .*colour/) })
    expect(strict.out).toContain('cluster.yml has 1 error\n')
  })

  test('tells programs the same as JSON', async () => {
    const { code, out } = await validated(WARNING, '--output json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual({
      file: expect.stringContaining('cluster.yml'),
      valid: true,
      problems: [expect.objectContaining({ severity: 'warning', line: 3, column: 1, path: 'colour' })],
    })
    expect(JSON.parse((await validated(WRONG, '--output json')).out).valid).toBe(false)
  })

  test('reads the file that RKE_CONFIG names, if no flag does', async () => {
    const path = join(folder, 'other.yml')
    await writeFile(path, NODE)
    expect((await rke('config validate', { env: { RKE_CONFIG: path } })).out).toBe(`${path} is valid\n`)
  })

  test('writes nothing', async () => {
    const before = await readdir(folder)
    await validated(NODE)
    expect(await readdir(folder)).toEqual([...new Set([...before, 'cluster.yml'])].sort())
  })

  test('shows no value of a secret', async () => {
    const { out } = await validated(`${NODE}private_registries: [{url: r, password: [TOPSECRET]}]\n`)
    expect(out).toContain('private_registries[0].password')
    expect(out).not.toContain('TOPSECRET')
  })
})

describe('what is on this machine is looked at, too', () => {
  const KEYLESS = NODE.replace('10.0.0.1', '10.0.0.1, ssh_key_path: /nowhere/id')

  test('a key that is not there is an error, told once for all nodes that have it', async () => {
    const more = '- {address: 10.0.0.2, user: me, role: [worker], ssh_key_path: /nowhere/id}\n'
    const { code, out } = await validated(`${KEYLESS}${more}`)
    expect(code).toBe(1)
    expect(out).toMatch(
      /^error: cluster.yml:2:23: nodes\[0\]\.ssh_key_path: ssh_key_path \/nowhere\/id cannot be read: there is no such file.*\ncluster.yml has 1 error\n$/,
    )
  })

  test('but not with --file-only', async () => {
    expect(await validated(KEYLESS, '--file-only')).toMatchObject({ code: 0, out: 'cluster.yml is valid\n' })
  })

  test('a key that wants its passphrase is no mistake, and nobody is asked for it', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const locked = privateKey.export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'secret words',
    })
    await writeFile(join(folder, 'locked'), locked)
    expect(await validated(`${NODE}ssh_key_path: ${join(folder, 'locked')}\n`)).toMatchObject({ code: 0 })
  })

  test('files of addons_include are read, and URLs only looked at', async () => {
    await writeFile(join(folder, 'good.yml'), 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n')
    const items = [join(folder, 'good.yml'), 'missing.yml', 'http://127.0.0.1:1/a.yml', 'http://[']
    const { code, out } = await validated(
      `${NODE}addons_include:\n${items.map((item) => `- ${item}\n`).join('')}`,
    )
    expect(code).toBe(0)
    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^warning: cluster.yml:5:3: addons_include\[1\]: .*missing.yml .*no such file/),
      expect.stringMatching(/^warning: cluster.yml:7:3: addons_include\[3\]: .* it is not a valid URL/),
      'cluster.yml is valid, with 2 warnings',
      '',
    ])
  })

  test('a version that cannot come after that of the state is an error at its line', async () => {
    const home = new URL('../../fixtures/mixed-roles/', import.meta.url)
    const name = join(folder, 'mixed.yml')
    const text = (await readFile(new URL('cluster.yml', home), 'utf8')).replaceAll('id_ed25519', 'id_rsa')
    await writeFile(name, text.replace('v1.30.4', 'v1.28.14'))
    await copyFile(new URL('cluster.rkestate.json', home), join(folder, 'mixed.rkestate'))
    const { code, out } = await rke(`config validate ${name}`)
    expect(code).toBe(1)
    expect(out).toMatch(
      /mixed\.yml:5:1: kubernetes_version: Kubernetes v1\.28\.14-rancher1-1 is older than v1\.30\.4-rancher1-1, which the cluster runs; put/,
    )
    expect((await rke(`config validate --file-only ${name}`)).code).toBe(0)
    expect(out).toContain('put kubernetes_version back to v1.30.4-rancher1-1')
    await writeFile(name, text)
    const followed = await rke(`config validate ${name}`)
    expect(followed.out).not.toContain('kubernetes_version')
  })
})

describe('a file that is no text is told so, with its place', () => {
  const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')

  test.each([
    [
      'binary',
      Buffer.from([...Buffer.from(NODE), 0x80, 0xff]),
      /cluster.yml:3:1: the file is not UTF-8 text; save/,
    ],
    ['control characters', `${NODE}cluster_name: a\0b\n`, /cluster.yml:3:16: /],
    ['UTF-16 without its mark', Buffer.from(NODE, 'utf16le'), /cluster.yml:1:\d+: /],
    ['50 MB', Buffer.alloc(50_000_000, 'a: b\n'), /cluster.yml:1:1: the file is larger than 4 MiB/],
    ['a tab', `${NODE}network:\n\tplugin: canal\n`, /cluster.yml:4:1: .*tab/i],
    ['no closing quote', `${NODE}cluster_name: "a\n`, /cluster.yml:\d+:\d+: /],
    ['a bomb of aliases', bomb(), /cluster.yml:\d+:\d+: /],
  ])('%s', async (_, content, message) => {
    const { code, out, err } = await validated(content)
    expect({ code, err }).toEqual({ code: 1, err: '' })
    expect(out).toMatch(message)
    expect(out).not.toContain('    at ')
  })

  test.each([
    ['a byte order mark', `\uFEFF${NODE}`],
    ['UTF-16 with its mark', utf16(NODE)],
    ['line breaks of Windows', NODE.replaceAll('\n', '\r\n')],
  ])('%s is no mistake', async (_, content) => {
    expect(await validated(content)).toEqual({ code: 0, out: 'cluster.yml is valid\n', err: '' })
  })

  test('a command that builds a cluster says the same', async () => {
    const path = join(folder, 'binary.yml')
    await writeFile(path, Buffer.from([...Buffer.from(NODE), 0x80]))
    const { code, err } = await rke(`plan --config ${path}`)
    expect(code).toBe(10)
    expect(err).toContain('binary.yml:3:1: the file is not UTF-8 text')
  })
})

describe('a file that cannot be read ends with 10, and says why', () => {
  test('a folder', async () => {
    const { code, err } = await rke(`config validate --config ${folder}`)
    expect(code).toBe(10)
    expect(err).toContain(`the cluster file ${folder} is a folder`)
  })

  test('no file', async () => {
    const { code, out, err } = await rke('config validate --config /nowhere/a.yml --output json')
    expect({ code, out }).toEqual({ code: 10, out: '' })
    expect(err).toContain('cannot find the cluster file /nowhere/a.yml')
  })

  test('one without the right to read it', () => {
    // Root, as whom tests may run, may read everything.
    const refused = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })
    const { hint, message } = unreadable('cluster.yml', refused)
    expect(message).toBe('the cluster file cluster.yml may not be read by this user')
    expect(hint).toContain('chmod u+r cluster.yml')
  })
})

test('rke config schema prints the JSON Schema, and nothing else', async () => {
  const { code, out, err } = await rke('config schema')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(clusterJsonSchema())))
})

describe('--strict', () => {
  test.each(['plan', 'up', 'up --dry-run'])(
    'stops "rke %s" at a warning, before anything is done',
    async (line) => {
      const path = join(folder, 'strict.yml')
      await writeFile(path, WARNING)
      const { code, out, err } = await rke(`${line} --strict --config ${path}`)
      expect(code).toBe(10)
      expect(out + err).toMatch(/level=fatal msg=".*strict.yml:3:1: colour: /)
      expect(out + err).not.toContain('[dialer]')
    },
  )
})

function bomb(): string {
  const levels = [...'abcdefghij'].map(
    (name, index, all) =>
      `${name}: &${name} [${Array(10)
        .fill(index === 0 ? 'x' : `*${all[index - 1]}`)
        .join(',')}]`,
  )
  return `${levels.join('\n')}\n${NODE}`
}
