import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load-config.ts'
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
