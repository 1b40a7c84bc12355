import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { main } from '../../../src/cli/main.ts'
import { emptyConfigYaml } from '../../../src/config/generate/config-yaml.ts'
import { type FakeIoOptions, fakeIo } from './fake-io.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rke-config-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function rke(line: string, options?: FakeIoOptions) {
  const io = fakeIo(options)
  const code = await main(line.split(' '), io)
  return { code, out: io.stdout.text(), err: io.stderr.text() }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

const inFolder = (name: string) => join(folder, name)
const DEFAULT_VERSION = 'v1.30.5-rancher1-1'
const HEADING = 'Configuration File: \n'
/** One host that is everything, and defaults for all else. */
const ANSWERS = `${['', '', '192.0.2.11', '', '', '', '', '', 'y', 'y', ...Array(12).fill('')].join('\n')}\n`

describe('versions and images, one a line on standard output', () => {
  test.each(['config -l', 'config --list-version', 'config -list-version=true', 'config -l -s -e'])(
    '"rke %s" prints the default version',
    async (line) => {
      expect(await rke(line)).toEqual({ code: 0, out: `${DEFAULT_VERSION}\n`, err: '' })
    },
  )

  test('with --all the newest of each minor on offer, oldest first', async () => {
    const { out } = await rke('config --list-version --all')
    const minors = out
      .trim()
      .split('\n')
      .map((version) => version.replace(/^(v1\.\d+)\..*/, '$1'))
    expect(minors).toEqual([...minors].sort())
    expect(out).toContain(`${DEFAULT_VERSION}\n`)
  })

  test('images come after a log line with their version', async () => {
    const { code, out } = await rke('config --system-images --version v1.28.14-rancher1-1')
    const [title, ...images] = out.trim().split('\n')
    expect(code).toBe(0)
    expect(title).toMatch(/level=info msg="Generating images list for version \[v1.28.14-rancher1-1\]: "/)
    expect(images.slice(0, 2)).toEqual(['rancher/mirrored-coreos-etcd:v3.5.10', 'rancher/rke-tools:v0.1.103'])
    expect(new Set(images).size).toBe(images.length)
  })

  test('with --quiet only the images', async () => {
    const { out } = await rke('--quiet config -s')
    expect(out.trim().split('\n')).toContain('rancher/hyperkube:v1.30.5-rancher1')
    expect(out).not.toContain('Generating')
  })

  test('with --all the images of each version on offer', async () => {
    const versions = (await rke('config -l -a')).out.trim().split('\n')
    const { out } = await rke('config -s -a')
    expect([...out.matchAll(/for version \[(.*?)\]/g)].map(([, version]) => version)).toEqual(versions)
  })

  test('a version that is not known ends with 10 and the versions on offer', async () => {
    const { code, out, err } = await rke('config -s --version v1.2.3-rancher1-1')
    expect({ code, out }).toEqual({ code: 10, out: '' })
    expect(err).toMatch(/v1.2.3-rancher1-1 is not known; .*\[v1\.\S+ v1\./)
  })
})

describe('rke config --empty', () => {
  test.each(['config --empty --print', 'config -e -p', 'config -print -empty ignored'])(
    '"rke %s" prints every key after a heading, asks nothing and writes nothing',
    async (line) => {
      const { code, out } = await rke(line)
      expect({ code, out }).toEqual({ code: 0, out: `${HEADING}${emptyConfigYaml()}` })
      expect(await readdir(folder)).toEqual([])
    },
  )

  test('writes the file that --name names, readable for owner and group, and says nothing', async () => {
    const path = inFolder('new.yml')
    expect(await rke(`config --empty --name ${path}`)).toEqual({ code: 0, out: '', err: '' })
    expect(await readFile(path, 'utf8')).toBe(emptyConfigYaml())
    expect((await stat(path)).mode & 0o777 & ~0o640).toBe(0)
    expect(await readdir(folder)).toEqual(['new.yml'])
  })

  test('loses no file: the former ones are kept beside it, with their modes', async () => {
    const path = inFolder('cluster.yml')
    for (const former of ['one', 'two']) {
      await writeFile(path, former, { mode: 0o600 })
      const { out } = await rke(`config -e -n ${path}`)
      expect(out).toContain(`The former ${path} is kept as [${path}.bak`)
    }
    expect(await readFile(`${path}.bak`, 'utf8')).toBe('one')
    expect(await readFile(`${path}.bak.2`, 'utf8')).toBe('two')
    expect(await readFile(path, 'utf8')).toBe(emptyConfigYaml())
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  test('keeps nothing where nothing changes', async () => {
    const line = `config -e -n ${inFolder('cluster.yml')}`
    await rke(line)
    await rke(line)
    expect(await readdir(folder)).toEqual(['cluster.yml'])
  })

  test.each(['', '/nowhere/cluster.yml', tmpdir()])(
    'ends with 10 where it cannot write: %j',
    async (path) => {
      const { code, out } = await rke(`config --empty --name=${path}`)
      expect(code).toBe(10)
      expect(out).toMatch(/level=fatal .*--name/)
    },
  )

  test('says which folder to create where the folder of the file is missing', async () => {
    const { out } = await rke('config --empty --name=/nowhere/dir/x.yml')
    expect(out).toContain(
      'there is no such file or folder; nothing was changed; create the folder /nowhere/dir',
    )
  })
})

describe('the questions of rke config', () => {
  test('are answered by the lines of standard input, in the order of the original', async () => {
    const { code, out, err } = await rke('config --print', { input: ANSWERS })
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const [asked = '', file = ''] = out.split(HEADING)
    expect(asked.match(/\[\+\] /g)).toHaveLength(22)
    expect(asked).toMatch(/^\[\+\] .* \[~\/.ssh\/id_rsa\]: \[\+\] .* \[1\]: /)
    await expect(file).toMatchFileSnapshot('golden/one-host.yml')
    expect(file).toContain('\nkubernetes_version: v1.30.5-rancher1-1\n')
    expect(file).not.toContain(': rancher/')
  })

  test('make a file with all images, as the original does, where --with-images asks for it', async () => {
    const { out } = await rke('config --print --with-images', { input: ANSWERS })
    await expect(out.split(HEADING)[1]).toMatchFileSnapshot('golden/one-host-with-images.yml')
  })

  test('make a file that this program takes as it is', async () => {
    const path = inFolder('cluster.yml')
    expect((await rke(`config --name ${path}`, { input: ANSWERS })).code).toBe(0)
    const { code, out } = await rke(`config validate --file-only --config ${path}`)
    expect({ code, out }).toEqual({ code: 0, out: `${path} is valid\n` })
  })

  test('may be answered by a last line without its end', async () => {
    const { code } = await rke('config --print', { input: `${ANSWERS.slice(0, -1)}no` })
    expect(code).toBe(0)
  })

  test('that are not all answered end with 10, and write nothing', async () => {
    const { code, out } = await rke(`config --name ${inFolder('a.yml')}`, { input: '\n2\n192.0.2.11\n' })
    expect(code).toBe(10)
    expect(out).toMatch(/level=fatal msg="there is no answer to .*SSH Port of host \(1\)/)
    expect(await readdir(folder)).toEqual([])
  })

  test('with a wrong answer end with 10', async () => {
    const { code, err } = await rke('config --print', { input: '\nmany\n' })
    expect(code).toBe(10)
    expect(err).toContain('whole number')
  })

  test('are left by Ctrl-C with 130', async () => {
    const io = fakeIo()
    const running = main(['config', '--name', inFolder('a.yml')], io)
    await until(() => io.stdout.text().includes('[+]'))
    io.signal('SIGINT')
    expect(await running).toBe(130)
    expect(await readdir(folder)).toEqual([])
  })
})

describe('on a terminal', () => {
  const terminal = { columns: 200, rows: 24 }

  test('questions are prompts, and a key that is typed is not shown', async () => {
    const io = fakeIo({ terminal })
    const running = main(['config', '--name', inFolder('cluster.yml')], io)
    const answers = ['', '1', '192.0.2.11', '', '', 'TOPSECRET', 'me', ...Array(15).fill('')]
    for (const [number, answer] of answers.entries()) {
      // A question that was answered has a tick; the next one is below it.
      await until(() => {
        const parts = io.stdout.text().split(/[\u2714\u221a]/)
        const lines = parts.at(-1)?.split('\n').slice(Math.min(number, 1)) ?? []
        return parts.length === number + 1 && lines.some((line) => line.includes('? '))
      })
      io.stdin.write(`${answer}\r`)
    }
    expect(await running).toBe(0)
    const text = await readFile(inFolder('cluster.yml'), 'utf8')
    expect(text).toContain('ssh_key: TOPSECRET\n')
    expect(text).toContain('user: me\n')
    expect(io.stdout.text()).not.toContain('TOPSECRET')
  })

  test('Ctrl-C ends with 130 and writes nothing', async () => {
    const io = fakeIo({ terminal })
    const running = main(['config', '--name', inFolder('cluster.yml')], io)
    await until(() => io.stdout.text().includes('SSH Private Key'))
    io.stdin.write('\u0003')
    expect(await running).toBe(130)
    expect(await readdir(folder)).toEqual([])
  })
})
