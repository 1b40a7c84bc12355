import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { main } from '../../../examples/library.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import { SimWorld } from '../../sim/sim-world.ts'
import { catalog } from '../fixture.ts'

const folder = new URL('../../../examples/', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
const files = readdirSync(folder).filter((name) => name.endsWith('.yml'))

for (const name of files) {
  test(`examples/${name} is a cluster file without errors and warnings`, () => {
    const { config, warnings } = loadConfig(read(name), name, catalog)
    expect(warnings).toEqual([])
    expect(config.nodes.length).toBeGreaterThan(0)
  })
}

test('the example of the library brings up a cluster, and tells its plan and what happens', async () => {
  const world = await SimWorld.create([{ address: '203.0.113.10' }])
  const lines: string[] = []
  await main(read('one-node.yml'), world.transports(), (line) => lines.push(line))
  expect(lines[0]).toBe('check ports between nodes, because new: 203.0.113.10')
  expect(lines).toContain('done: start container kubelet')
  expect(lines.at(-1)).toMatch(/^\d+ steps are done$/)
  expect(world.machine('203.0.113.10').docker.find('kubelet').status).toBe('running')
})

test('the example of the library is short, and uses nothing but the library', () => {
  const text = read('library.ts')
  expect(text.split('\n').length).toBeLessThanOrEqual(81)
  const imports = [...text.matchAll(/from '([^']+)'/g)].map(([, from]) => from)
  expect(imports.filter((from) => !from?.startsWith('node:'))).toEqual(['../src/index.ts'])
})
