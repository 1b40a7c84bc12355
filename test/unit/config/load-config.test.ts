import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { builtInMetadata } from '../../../src/catalog/built-in-metadata.ts'
import { createCatalog } from '../../../src/catalog/catalog.ts'
import { asApplied } from '../../../src/config/applied-form.ts'
import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import { applyDefaults } from '../../../src/config/defaults/apply-defaults.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import { clusterConfigSchema } from '../../../src/config/schema/cluster.ts'
import { complete } from '../../../src/config/schema/reading/complete.ts'
import { toStateForm } from '../../../src/config/state-form.ts'

const catalog = createCatalog(builtInMetadata)
const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const fixture = '../../fixtures/mixed-roles'

describe('the configuration of a real cluster', () => {
  const stored = JSON.parse(read(`${fixture}/cluster.rkestate.json`))
  const { config, warnings } = loadConfig(read(`${fixture}/cluster.yml`), 'cluster.yml', catalog)

  test('becomes the desired configuration that the original stored', () => {
    expect(toStateForm(config)).toStrictEqual(stored.desiredState.rkeConfig)
    expect(warnings).toEqual([])
  })

  test('once applied, becomes the current configuration that the original stored', () => {
    expect(toStateForm(asApplied(config))).toStrictEqual(stored.currentState.rkeConfig)
  })

  test.each(['desiredState', 'currentState'])('defaulting the stored %s changes nothing', (half) => {
    const rkeConfig = complete(clusterConfigSchema, stored[half].rkeConfig, () => {}) as ClusterConfig
    expect(toStateForm(applyDefaults(rkeConfig, catalog))).toStrictEqual(stored[half].rkeConfig)
  })
})

test('a configuration is stored byte for byte as the original stores it', () => {
  const { config } = loadConfig(read('golden/one-node.yml'), 'cluster.yml', catalog)
  expect(`${JSON.stringify(toStateForm(config), undefined, 2)}\n`).toBe(read('golden/one-node.json'))
})
