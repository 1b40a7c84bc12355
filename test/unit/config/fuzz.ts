/**
 * Mutates cluster files and looks for a crash. As a program: `node test/unit/config/fuzz.ts [rounds] [seed]`.
 */
import { readFileSync } from 'node:fs'
import { load as parseYaml } from 'js-yaml'
import { desiredAddons } from '../../../src/addons/desired-addons.ts'
import { checkConfig } from '../../../src/config/check-config.ts'
import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import { failOnErrors } from '../../../src/config/cluster-file-error.ts'
import { configYaml } from '../../../src/config/generate/config-yaml.ts'
import { yamlText } from '../../../src/config/generate/yaml-text.ts'
import { imagesFor } from '../../../src/config/images/image-lists.ts'
import { secretValues } from '../../../src/config/secrets/secret-values.ts'
import { toStateForm } from '../../../src/config/state-form.ts'
import { problemText } from '../../../src/config/yaml/problems.ts'
import { desiredInput } from '../../../src/desired/desired-cluster.ts'
import { nodeContainers } from '../../../src/desired/desired-node.ts'
import { nodeFiles } from '../../../src/desired/files/node-files.ts'
import { ordinaryLinux } from '../../../src/desired/node-facts.ts'
import { ConfigError } from '../../../src/errors.ts'
import { wantedCertificates } from '../../../src/pki/inventory/wanted.ts'
import { subjectAltNames } from '../../../src/pki/issue/issue.ts'
import { rolloutSettings } from '../../../src/plan/rollout/rollout-settings.ts'
import { catalog, oneNode } from './one-node.ts'

export interface Crash {
  readonly seed: number
  readonly source: string
  readonly reason: string
}

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const everyKey = read('golden/every-key.yml')
const small = [
  read('golden/one-node.yml'),
  read('../../fixtures/mixed-roles/cluster.yml'),
  oneNode('network: {plugin: calico}\ndns: {provider: kube-dns}', 'labels: {a: 1.10}'),
  'x-a: &a {user: u, role: [etcd, controlplane, worker]}\nnodes: [{<<: *a, address: b}]\n',
]

/** Runs rounds of mutations; each can be run again by its seed alone. */
export function fuzz(rounds: number, firstSeed: number): Crash | undefined {
  for (let round = 0; round < rounds; round++) {
    const seed = firstSeed + round
    const crash = fuzzOnce(seed)
    if (crash !== undefined) return crash
  }
  return undefined
}

export function fuzzOnce(seed: number): Crash | undefined {
  const random = randomFrom(seed)
  const base = random(12) === 0 ? everyKey : (small[random(small.length)] ?? '')
  const source = random(2) === 0 ? mutateStructure(base, random) : mutateBytes(base, random)
  try {
    tryOut(source)
    return undefined
  } catch (thrown) {
    const reason = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
    return { seed, source: source.toString(), reason }
  }
}

/** Throws if anything else comes of it than a configuration, or problems with their places. */
function tryOut(source: string | Uint8Array): void {
  const { config, problems } = checkConfig(source, 'c.yml', catalog)
  for (const problem of problems) {
    const text = problemText(problem)
    const placed = problem.line > 0 ? problem.column > 0 : problem.column === 0
    if (!placed || problem.message === '' || /undefined|NaN|\[object|TypeError|at \w+ \(/.test(text)) {
      throw new Error(`a problem that says nothing: ${text}`)
    }
  }
  if (problems.some(({ severity }) => severity === 'error')) {
    try {
      failOnErrors(problems)
    } catch (thrown) {
      if (thrown instanceof ConfigError && thrown.message.startsWith('c.yml')) return
      throw thrown
    }
    throw new Error('errors, but no ConfigError')
  }
  const stored = JSON.stringify(toStateForm(config))
  imagesFor(config, catalog)
  build(config)
  secretValues(config)
  const again = checkConfig(configYaml(config), 'again.yml', catalog)
  failOnErrors(again.problems)
  if (config.ignoreDockerVersion === again.config.ignoreDockerVersion) {
    if (JSON.stringify(toStateForm(again.config)) !== stored) throw new Error('reads back as something else')
  }
}

/** Makes all that a run makes of a configuration before a machine is asked: nothing of a valid file may be refused there. */
function build(config: ClusterConfig): void {
  rolloutSettings(config, undefined, true)
  desiredAddons(config, catalog)
  const input = desiredInput(config, catalog, false)
  for (const node of config.nodes) {
    nodeContainers(input, node, ordinaryLinux)
    nodeFiles({ config, node, prefix: config.prefixPath })
  }
  for (const { profile } of wantedCertificates(config)) subjectAltNames(profile.names)
}

type Random = (below: number) => number

/** A linear congruential generator: the same numbers for a seed everywhere. */
function randomFrom(seed: number): Random {
  let state = (seed * 2654435761) % 4294967296
  return (below) => {
    state = (state * 1664525 + 1013904223) % 4294967296
    return Math.floor((state / 4294967296) * below)
  }
}

const pieces = [
  ...[
    '\t',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ': ',
    '- ',
    ', ',
    '&a ',
    '*a',
    '<<: ',
    '~',
    '\n',
    '|\n',
    '>\n',
    '? ',
  ],
  ...[
    '.inf',
    '!!',
    '%',
    '\u0000',
    '\uFEFF',
    '\uD800',
    '# ',
    '---\n',
    '...\n',
    '\r',
    '  ',
    '!!binary ',
    '0x',
    '1e999',
  ],
  ...[`\${env:A}`, `\${file:`, 'null', '10.0.0.0/8', '::1', '-1', '99999999999999999999'],
]

function mutateBytes(base: string, random: Random): string | Uint8Array {
  let text = base
  for (let count = 1 + random(1 + random(3)); count > 0; count--) {
    const at = random(text.length + 1)
    const length = random(random(4) === 0 ? 200 : 6)
    const kind = random(5)
    const piece = pieces[random(pieces.length)] ?? ''
    if (kind === 0) text = text.slice(0, at) + text.slice(at + length)
    else if (kind === 1) text = text.slice(0, at + length) + text.slice(at)
    else if (kind === 2) text = text.slice(0, at)
    else text = text.slice(0, at) + piece + text.slice(at + (kind === 3 ? 0 : length))
  }
  if (random(8) !== 0) return text
  const bytes = Buffer.from(text)
  if (bytes.length > 0) bytes[random(bytes.length)] = random(256)
  return bytes
}

const values: readonly unknown[] = [
  ...[null, '', 'a', 0, -1, 1.5, 1e308, true, false, [], {}, [null], [[]], [{}], { a: null }, { '': 'a' }],
  ...[
    'constructor',
    '__proto__',
    'toString',
    '10.0.0.0/8',
    'fd00::/64',
    '1,2',
    'v1.30.4-rancher1-1',
    'v1.24.0',
  ],
  ...[`\${env:A}`, 'x'.repeat(300), 'é😀', 'none', 'aws', 'calico', 'hostPort', '72h', 'a b', '-', '=', ':'],
  ...[Object.fromEntries([['__proto__x', 1]]), { strategy: 'RollingUpdate' }, ['etcd', 'etcd'], ['worker']],
]

function mutateStructure(base: string, random: Random): string {
  // Merges and aliases share objects; a tree has none that could come to hold itself.
  const root: unknown = JSON.parse(JSON.stringify(parseYaml(base)))
  for (let count = 1 + random(1 + random(4)); count > 0; count--) mutateOne(root, random)
  return random(3) === 0 ? JSON.stringify(root) : yamlText(root)
}

/** Walks down to some list or mapping, and changes one thing in it. */
function mutateOne(root: unknown, random: Random): void {
  let holder = root as Record<string, unknown>
  for (;;) {
    const inner = Object.values(holder).filter((value) => typeof value === 'object' && value !== null)
    if (inner.length === 0 || random(4) === 0) break
    holder = inner[random(inner.length)] as Record<string, unknown>
  }
  const keys = Object.keys(holder)
  const key = keys[random(keys.length)] ?? 'new'
  const value = structuredClone(values[random(values.length)])
  const kind = random(5)
  if (kind === 0 && !Array.isArray(holder)) delete holder[key]
  else if (kind === 1 && !Array.isArray(holder)) holder[`${key}${random(3)}`] = holder[key]
  else if (kind === 2) holder[key] = { [key]: holder[key] }
  else if (kind === 3) holder[key] = [holder[key], value]
  else holder[key] = value
}

if (import.meta.main) {
  const [rounds = '10000', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2)
  const started = performance.now()
  const crash = fuzz(Number(rounds), Number(seed))
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (crash === undefined) console.log(`${rounds} files from seed ${seed}: no crash (${seconds} s)`)
  else {
    console.log(`seed ${crash.seed}:\n${crash.source}\n\n${crash.reason}`)
    process.exitCode = 1
  }
}
