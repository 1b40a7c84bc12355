import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import { applyDefaults } from '../../../src/config/defaults/apply-defaults.ts'
import { readClusterYaml } from '../../../src/config/read-cluster-yaml.ts'
import { clusterConfigSchema } from '../../../src/config/schema/cluster.ts'
import { complete } from '../../../src/config/schema/reading/complete.ts'
import { viewOf } from '../../../src/config/schema/reading/schema-view.ts'
import { yamlPath } from '../../../src/config/schema/reading/yaml-keys.ts'
import { toStateForm } from '../../../src/config/state-form.ts'
import { problemText } from '../../../src/config/yaml/problems.ts'
import { catalog } from './one-node.ts'

const text = readFileSync(new URL('golden/every-key.yml', import.meta.url), 'utf8')

test('every key of a cluster file is known', () => {
  const warnings = readClusterYaml(text, 'c.yml').problems.map(problemText)
  expect(warnings.filter((line) => line.includes('not a known key'))).toEqual([])
})

test('what is stored for all of them is read back as it was', () => {
  const config = applyDefaults(readClusterYaml(text, 'c.yml').input, catalog)
  const json = JSON.stringify(toStateForm(config))
  const misfits: unknown[] = []
  const read = complete(clusterConfigSchema, JSON.parse(json), (misfit) =>
    misfits.push(misfit),
  ) as ClusterConfig
  expect(JSON.stringify(toStateForm(read))).toBe(json)
  expect(misfits).toEqual([])
})

test('the members of every block are spelt differently in cluster.yml', () => {
  const visit = (schema: Parameters<typeof viewOf>[0], path: string[]): void => {
    const view = viewOf(schema)
    if (view.kind === 'list') visit(view.items, [...path, '0'])
    if (view.kind !== 'block') return
    const keys = [...view.members.keys()].map((name) => yamlPath(clusterConfigSchema, [...path, name]).at(-1))
    expect(new Set(keys).size, path.join('.')).toBe(keys.length)
    for (const [name, member] of view.members) visit(member, [...path, name])
  }
  visit(clusterConfigSchema, [])
})
