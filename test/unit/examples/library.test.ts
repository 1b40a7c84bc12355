import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { afterApproval } from '../../../examples/library/approve.ts'
import { build } from '../../../examples/library/build.ts'
import { upWithin } from '../../../examples/library/failures.ts'
import { main } from '../../../examples/library/own-transport.ts'
import { problemsOf } from '../../../examples/library/validate.ts'
import { blocksIn, pageOf } from '../docs/pages.ts'
import { ONE_NODE } from '../operations/clusters.ts'
import { configOf, Scenario } from '../operations/support.ts'

const ADDRESS = configOf(ONE_NODE).nodes[0]?.address ?? ''

test('build.ts builds the cluster of a folder, and keeps state and kubeconfig there', async () => {
  const { world } = await Scenario.of(ONE_NODE)
  const folder = await mkdtemp(join(tmpdir(), 'library-'))
  await writeFile(join(folder, 'cluster.yml'), ONE_NODE)
  const lines: string[] = []
  await build(folder, (line) => lines.push(line), world.transports())
  expect(lines.at(-1)).toMatch(/^\d+ steps$/)
  expect(lines.filter((line) => /^start container kubelet: \d+ ms$/.test(line))).toHaveLength(1)
  expect(await readFile(join(folder, 'kube_config_cluster.yml'), 'utf8')).toContain('client-key-data: ')
  expect((await stat(join(folder, 'cluster.rkestate'))).mode & 0o777).toBe(0o600)
})

test('approve.ts changes nothing without agreement, and does what was agreed to', async () => {
  const { config, deps, world } = await Scenario.of(ONE_NODE)
  expect(await afterApproval(config, deps, async () => false)).toBe('not agreed')
  expect(world.machine(ADDRESS).docker.containers).toEqual([])
  expect(await afterApproval(config, deps, async () => true)).toBe('done')
  expect(await afterApproval(config, deps, async () => true)).toBe('nothing to do')
})

test('approve.ts refuses what was agreed to once the cluster is another', async () => {
  const { config, deps, world } = await Scenario.up(ONE_NODE)
  const { docker } = world.machine(ADDRESS)
  docker.remove('kubelet', true)
  const changed = await afterApproval(config, deps, async () => {
    docker.remove('kube-proxy', true)
    return true
  })
  expect(changed).toBe('the cluster has changed')
})

test('validate.ts names every problem of a file with its place', async () => {
  const { deps } = await Scenario.of(ONE_NODE)
  expect(await problemsOf(ONE_NODE, deps)).toEqual([])
  const problems = await problemsOf(`${ONE_NODE}\nclustername: a\n`, deps)
  expect(problems).toEqual([expect.stringMatching(/^\d+:1 warning clustername is not a known key/)])
})

test('failures.ts says which machine failed, how, and what to do next', async () => {
  const { config, deps, world } = await Scenario.of(ONE_NODE)
  world.machine(ADDRESS).reachable = false
  const [line, ...more] = await upWithin(60_000, config, deps)
  expect(line).toMatch(new RegExp(`^ConnectionError \\([a-z-]+\\): .*${ADDRESS}.+; .+`))
  expect(more).toEqual([])
})

test('failures.ts ends a run that is out of time', async () => {
  const { config, deps } = await Scenario.of(ONE_NODE)
  expect(await upWithin(0, config, deps)).toEqual(['out of time; the next run goes on from here'])
})

test('own-transport.ts brings up a cluster, and prints its plan and what happens', async () => {
  const { world } = await Scenario.of(ONE_NODE)
  const lines: string[] = []
  await main(ONE_NODE, world.transports(), (line) => lines.push(line))
  expect(lines[0]).toBe(`check ports between nodes, because new: ${ADDRESS}`)
  expect(lines).toContain('done: start container kubelet')
  expect(lines.at(-1)).toMatch(/^\d+ steps are done$/)
  expect(world.machine(ADDRESS).docker.find('kubelet').status).toBe('running')
})

const page = pageOf('docs/library.md')

test('every example of the page is short, and uses nothing but the library', () => {
  const blocks = blocksIn(page, 'ts')
  expect(blocks.length).toBe(5)
  for (const block of blocks) {
    expect(block.split('\n').length).toBeLessThanOrEqual(82)
    const imports = [...block.matchAll(/from '([^']+)'/g)].map(([, from]) => from)
    expect(imports.filter((from) => !from?.startsWith('node:'))).toEqual(['rke'])
  }
})

test('the page names every operation that the library has', async () => {
  const library = await import('../../../src/index.ts')
  const operations = Object.entries(library).filter(
    ([name, value]) =>
      // Those two make errors.
      typeof value === 'function' && /^[a-z]/.test(name) && !['toRkeError', 'withDetails'].includes(name),
  )
  expect(operations.map(([name]) => name).filter((name) => !page.text.includes(name))).toEqual([])
})
