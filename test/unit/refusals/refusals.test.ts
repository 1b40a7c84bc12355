import { generateKeyPairSync } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { main } from '../../../src/cli/main.ts'
import { ConnectionError } from '../../../src/errors.ts'
import type { TransportFactory } from '../../../src/node/transport/link.ts'
import { pooledKeys } from '../../sim/key-pool.ts'
import { fakeIo } from '../cli/fake-io.ts'
import { callsIn, shownText } from '../source/calls.ts'
import { CERTIFICATES } from './certificates.ts'
import { COMMAND_LINE } from './command-line.ts'
import { CONFIGURATION } from './configuration.ts'
import { LOGINS } from './logins.ts'
import type { Refused } from './refused.ts'
import { STATE_AND_PLAN } from './state-and-plan.ts'
import { VERSIONS_AND_ADDONS } from './versions-and-addons.ts'

const REFUSALS = {
  ...VERSIONS_AND_ADDONS,
  ...COMMAND_LINE,
  ...CONFIGURATION,
  ...STATE_AND_PLAN,
  ...CERTIFICATES,
  ...LOGINS,
}

/** Errors about a cluster file, what it names and its state. Those of connections are not, but for what logins need. */
const KINDS = [
  ...['ConfigError', 'ClusterFileError', 'MissingSecretsError', 'UsageError', 'CatalogError', 'PkiError'],
  ...['StateError', 'PlanRefusedError'],
]
const LOGIN_FILES = ['ssh-transport.ts', 'credentials.ts', 'key-reader.ts']
const source = join(import.meta.dirname, '../../../src')

function placesInSource(): readonly string[] {
  const places = globSync('**/*.ts', { cwd: source }).flatMap((path) => {
    const text = readFileSync(join(source, path), 'utf8')
    const name = basename(path)
    const own = callsIn(text, KINDS).map(({ args }) => args[0])
    const logins = LOGIN_FILES.includes(name)
      ? callsIn(text, ['ConnectionError']).map(({ args }) => args[1])
      : []
    return [...own, ...logins].map((message = '') => `${name}: ${shownText(message)}`)
  })
  return [...new Set(places)].sort()
}

test('every place in the source that refuses something about a cluster file is known', () => {
  const advice = 'give a file that is refused there, or say why config validate cannot find it'
  expect(placesInSource(), advice).toEqual(Object.keys(REFUSALS).sort())
})

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rke-refusals-'))
  const { privateKey } = generateKeyPairSync('ed25519')
  await put('.ssh/id_rsa', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function put(name: string, text: string | undefined): Promise<void> {
  const path = join(folder, name)
  await mkdir(text === undefined ? path : dirname(path), { recursive: true })
  if (text !== undefined) await writeFile(path, text.replaceAll('HOME', folder))
}

const ASKED = 'a machine was asked'
const nobody: TransportFactory = {
  open: async () => {
    throw new ConnectionError('refused', ASKED)
  },
}

async function rke(
  line: string,
  { env = {}, flags = '' }: Refused,
  transports?: TransportFactory,
): Promise<{ code: number; out: string }> {
  const home = Object.entries({ HOME: folder, ...env }).map(([name, text]) => [
    name,
    text.replace('HOME', folder),
  ])
  const io = fakeIo({
    env: Object.fromEntries(home),
    world: { keys: pooledKeys, ...(transports && { transports }) },
  })
  const words = `${line} --config ${join(folder, 'cluster.yml')} ${flags}`.trim().split(' ')
  const code = await main(words, io)
  return { code, out: (io.stdout.text() + io.stderr.text()).replaceAll(`${folder}/`, '') }
}

/** Exit codes of refusals: command line, configuration, connection, plan, state, certificates. */
const REFUSED = [1, 10, 11, 15, 16, 18]

const refused = Object.entries(REFUSALS).flatMap(([place, each]) =>
  typeof each === 'string' ? [] : [{ place, each }],
)

describe('what plan refuses before a machine answers, config validate refuses', () => {
  test.each(refused)('$place', async ({ each, place }) => {
    for (const [name, text] of Object.entries(each.files)) await put(name, text)
    const validated = await rke('config validate', each)
    expect(validated.out).toMatch(each.says)
    expect(REFUSED).toContain(validated.code)
    if (each.planLater) return
    // Keys, and the Docker of this machine, belong to the way to machines itself.
    const isOnTheWay = place in LOGINS || each.flags === '--local'
    const planned = await rke('plan', each, isOnTheWay ? undefined : nobody)
    expect(REFUSED).toContain(planned.code)
    expect(planned.out).not.toContain(ASKED)
  })
})
