import { expect, test } from 'vitest'
import type { z } from 'zod'
import { clusterConfigSchema } from '../../../src/config/schema/cluster.ts'
import { type SchemaView, viewOf } from '../../../src/config/schema/reading/schema-view.ts'
import { type KeyStyle, membersByKey } from '../../../src/config/schema/reading/yaml-keys.ts'
import { factsOf } from './facts.ts'

/** Blocks that mean something by being there, and need texts in them. */
const MEANINGFUL = [
  'admission_configuration',
  'awsCloudProvider',
  'azureCloudProvider',
  'custom_config',
  'harvesterCloudProvider',
  'openstackCloudProvider',
  'policy',
  's3backupconfig',
  'vsphereCloudProvider',
]

/** Every block of a cluster file, with `value(kind)` for each other key where that is not undefined. */
function everyBlock(value: (kind: SchemaView['kind']) => unknown): Record<string, unknown> {
  const block = (schema: z.ZodType, outer: KeyStyle): Record<string, unknown> => {
    const view = viewOf(schema)
    if (view.kind !== 'block') return {}
    const style = view.rules.decode === 'kubernetes' ? 'any-case' : (view.rules.keys ?? outer)
    const entries = [...membersByKey(view, style)].flatMap(([key, name]): [string, unknown][] => {
      const member = view.members.get(name)
      if (member === undefined || MEANINGFUL.includes(key)) return []
      const { kind } = viewOf(member)
      if (kind === 'block') return [[key, block(member, style)]]
      const given = value(kind)
      return given === undefined ? [] : [[key, given]]
    })
    return Object.fromEntries(entries)
  }
  return block(clusterConfigSchema, 'snake')
}

async function factsWith(tree: Record<string, unknown>): Promise<readonly string[]> {
  const nodes = [{ address: '1.2.3.4', user: 'u', role: ['controlplane', 'etcd', 'worker'] }]
  // JSON is YAML.
  const facts = await factsOf(Buffer.from(JSON.stringify({ ...tree, rotate_certificates: null, nodes })))
  return facts.filter((fact) => !fact.startsWith('warning '))
}

const emptyText = (kind: SchemaView['kind']) => (kind === 'text' ? '' : undefined)

test('an empty text means the same as none, in every key', async () => {
  expect(await factsWith(everyBlock(emptyText))).toEqual(await factsWith(everyBlock(() => undefined)))
})

test('a key without a value means the same as none, in every key', async () => {
  expect(await factsWith(everyBlock(() => null))).toEqual(await factsWith(everyBlock(() => undefined)))
})
