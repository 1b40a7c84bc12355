import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser'
import { afterAll, beforeAll, expect, test } from 'vitest'

const require = createRequire(import.meta.url)
const ruleSet: IFlattenedRuleSet = require('../../../.dependency-cruiser.cjs')

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rke-imports-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** Names of the rules that a program of these files breaks. */
async function broken(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const root = await mkdtemp(join(folder, 'tree-'))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  const { output } = await cruise(
    ['src'],
    { ruleSet, validate: true, baseDir: root, doNotFollow: { path: 'node_modules' } },
    { conditionNames: ['node', 'import'], exportsFields: ['exports'] },
  )
  return violations(output).sort()
}

function violations(output: ICruiseResult | string): string[] {
  if (typeof output === 'string') throw new TypeError('expected a result, not a text')
  return output.summary.violations.map(({ rule }) => rule.name)
}

const leaf = 'export const x = 1\n'

test('imports down the table are free', async () => {
  expect(
    await broken({
      'src/operations/up.js': "import '../plan/plan.js'\nimport '../errors.js'\n",
      'src/plan/plan.js': "import '../desired/spec.js'\n",
      'src/desired/spec.js': "import { isIP } from 'node:net'\nexport const x = isIP\n",
      'src/errors.js': leaf,
    }),
  ).toEqual([])
})

test.each([
  ['plan', 'actions'],
  ['desired', 'observe'],
  ['observe', 'plan'],
  ['actions', 'desired'],
  ['node', 'kube'],
  ['engine', 'plan'],
  ['operations', 'cli'],
  ['cli', 'node'],
])('src/%s may not load src/%s', async (from, to) => {
  const found = await broken({
    [`src/${from}/a.js`]: `export * from '../${to}/b.js'\n`,
    [`src/${to}/b.js`]: leaf,
  })
  expect(found).toHaveLength(1)
  expect(found[0]).toMatch(new RegExp(`^${from}-imports-only-`))
})

test('an import inside a function counts, too', async () => {
  const found = await broken({
    'src/pki/a.js': "export const load = () => import('../operations/b.js')\n",
    'src/operations/b.js': leaf,
  })
  expect(found).toEqual(['pki-imports-only-lower-layers'])
})

test('only the command line’s own composition puts a store and a way to machines together', async () => {
  const tree = { 'src/state/store.js': leaf, 'src/node/ssh.js': leaf }
  const load = "export * from '../../state/store.js'\nexport { x as y } from '../../node/ssh.js'\n"
  expect(await broken({ ...tree, 'src/cli/local/open.js': load })).toEqual([])
  expect(await broken({ ...tree, 'src/cli/commands/up.js': load })).toHaveLength(2)
})

test('the library may not reach the command line, however indirectly', async () => {
  const found = await broken({
    'src/index.js': "export * from './operations/up.js'\n",
    'src/operations/up.js': "export * from './deeper.js'\n",
    'src/operations/deeper.js': "export * from '../cli/main.js'\n",
    'src/cli/main.js': leaf,
  })
  expect(found).toContain('library-without-command-line')
})

test('circles and files that are not there are found', async () => {
  expect(
    await broken({
      'src/etcd/a.js': "export * from './b.js'\n",
      'src/etcd/b.js': "export * from './a.js'\n",
    }),
  ).toContain('no-circles')
  expect(await broken({ 'src/etcd/a.js': "export * from './gone.js'\n" })).toContain('everything-is-found')
})

test('what is planned depends on no file, and operations on none either', async () => {
  expect(await broken({ 'src/plan/a.js': "export * from 'node:fs/promises'\n" })).toEqual([
    'pure-without-outside-world',
  ])
  expect(await broken({ 'src/operations/a.js': "export * from 'node:fs'\n" })).toEqual([
    'operations-without-files',
  ])
})

test('the Docker and Kubernetes clients are loaded only when needed', async () => {
  const packages = {
    'package.json': JSON.stringify({ name: 'tree', dependencies: { dockerode: '1.0.0' } }),
    'node_modules/dockerode/package.json': JSON.stringify({ name: 'dockerode', main: 'index.js' }),
    'node_modules/dockerode/index.js': leaf,
  }
  const early = await broken({ ...packages, 'src/node/a.js': "export * from 'dockerode'\n" })
  expect(early).toEqual(['heavy-packages-when-needed'])
  const late = await broken({
    ...packages,
    'src/node/a.js': "export const load = () => import('dockerode')\n",
  })
  expect(late).toEqual([])
})

test('a package that is not installed with the program may not be loaded', async () => {
  const found = await broken({
    'package.json': JSON.stringify({ name: 'tree', devDependencies: { helper: '1.0.0' } }),
    'node_modules/helper/package.json': JSON.stringify({ name: 'helper', main: 'index.js' }),
    'node_modules/helper/index.js': leaf,
    'src/node/a.js': "export * from 'helper'\n",
  })
  expect(found).toEqual(['packages-are-dependencies'])
})
