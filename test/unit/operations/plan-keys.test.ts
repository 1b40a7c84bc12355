import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { asApplied } from '../../../src/config/applied-form.ts'
import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import { applyDefaults } from '../../../src/config/defaults/apply-defaults.ts'
import { readClusterYaml } from '../../../src/config/read-cluster-yaml.ts'
import { clusterConfigSchema } from '../../../src/config/schema/cluster.ts'
import { viewOf } from '../../../src/config/schema/reading/schema-view.ts'
import { RkeError } from '../../../src/errors.ts'
import { appliedDigest } from '../../../src/plan/state/applied-digest.ts'
import { catalog } from '../fixture.ts'
import { TWO_NODES } from './clusters.ts'
import { Scenario } from './support.ts'

type Schema = Parameters<typeof viewOf>[0]
type Kind = ReturnType<typeof viewOf>['kind']

/** A key of cluster.yml that holds a value, as a path through the configuration. */
interface Key {
  readonly path: readonly (string | number)[]
  readonly kind: Kind
}

function keysOf(schema: Schema, path: Key['path'] = []): readonly Key[] {
  const view = viewOf(schema)
  if (view.kind === 'list') return keysOf(view.items, [...path, 0])
  if (view.kind !== 'block') return [{ path, kind: view.kind }]
  return [...view.members].flatMap(([name, member]) => keysOf(member, [...path, name]))
}

const keys = keysOf(clusterConfigSchema)
const nameOf = ({ path }: Key): string => path.join('.')

/** The configuration with another value at a key; what leads to it is made where it is missing. */
function edited(config: ClusterConfig, { path, kind }: Key): ClusterConfig {
  return change(config, path, kind) as ClusterConfig
}

function change(value: unknown, [step, ...rest]: Key['path'], kind: Kind): unknown {
  if (step === undefined) return another(value, kind)
  const before = typeof step === 'number' ? (value ?? []) : (value ?? {})
  const member = change(Reflect.get(Object(before), step), rest, kind)
  if (Array.isArray(before)) return [member, ...before.slice(1)]
  return { ...Object(before), [step]: member }
}

function another(value: unknown, kind: Kind): unknown {
  if (kind === 'switch') return value !== true
  if (kind === 'integer' || kind === 'number') return Number(value ?? 0) + 1
  if (kind === 'map' || kind === 'anything') return { ...Object(value ?? {}), edited: 'edited' }
  return `${typeof value === 'string' ? value : ''}edited`
}

const everyKey = applyDefaults(
  readClusterYaml(
    readFileSync(new URL('../config/golden/every-key.yml', import.meta.url), 'utf8'),
    'cluster.yml',
  ).input,
  catalog,
)

const digestOf = (config: ClusterConfig): string => appliedDigest({ rkeConfig: asApplied(config) }, new Set())

test('each key of cluster.yml that RKE knows is in what a plan records as applied, and so in its hash', () => {
  const before = digestOf(everyKey)
  const missed = keys.filter((key) => digestOf(edited(everyKey, key)) === before)
  expect(keys.length).toBeGreaterThan(500)
  expect(missed.filter(({ path }) => path[0] !== 'certificates').map(nameOf)).toEqual([])
})

/** One key of each block, the first. */
const firstOfEach = [...new Map(keys.toReversed().map((key) => [key.path[0], key])).values()].reverse()

const scenario = await Scenario.up(TWO_NODES)
const { approved: plan } = await scenario.plan()

test.each(firstOfEach.map((key) => ({ key, name: nameOf(key) })))(
  'if $name is edited after the plan was read, up does nothing',
  async ({ key }) => {
    scenario.writes()
    const other = new Scenario(edited(scenario.config, key), scenario.world, scenario.store)
    const refusal = await other.up({ plan }).result.then(
      () => 'done',
      (error: unknown) => (error instanceof RkeError ? 'refused' : error),
    )
    expect(refusal).toBe('refused')
    expect(scenario.writes()).toEqual([])
  },
)
