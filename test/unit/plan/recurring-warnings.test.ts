import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load-config.ts'
import { desiredInput } from '../../../src/desired/desired-cluster.ts'
import { nodeContainers } from '../../../src/desired/desired-node.ts'
import { ordinaryLinux } from '../../../src/desired/node-facts.ts'
import type { ObservedContainer } from '../../../src/observe/observed-container.ts'
import type { ObservedNode, ObservedRecurring } from '../../../src/observe/observed-node.ts'
import { recurringWarnings } from '../../../src/plan/checks/recurring-warnings.ts'
import type { ClusterView } from '../../../src/plan/model/cluster-view.ts'
import { containerDifferences } from '../../../src/plan/node/container-difference.ts'
import { catalog } from '../fixture.ts'
import { inspectOf, quiet } from './support.ts'

const HOUR = 3_600_000
const FRESH: ObservedRecurring = { runsMs: 1000 * HOUR, unchangedMs: HOUR }

const configOf = (more: string) =>
  loadConfig(
    `nodes: [{address: 1.2.3.4, user: u, role: [controlplane, etcd, worker]}]\nnetwork: {plugin: none}\n${more}`,
    'cluster.yml',
    catalog,
  ).config

/** The container of recurring snapshots of a cluster file. */
function recurringOf(more: string) {
  const config = configOf(more)
  const [node] = config.nodes
  if (node === undefined) throw new TypeError('no node')
  const spec = nodeContainers(desiredInput(config, catalog, false), node, ordinaryLinux).find(
    ({ name }) => name === 'etcd-rolling-snapshots',
  )
  if (spec === undefined) throw new TypeError('no recurring snapshots')
  return spec
}

interface Seen {
  readonly recurring?: ObservedRecurring
  readonly change?: (container: ObservedContainer) => ObservedContainer
  readonly more?: string
  readonly image?: string
  readonly kube?: ClusterView['seen']['kube']
}

/** The warnings of a cluster whose container takes the state along, unless another image is said. */
function warnings({
  change = (same) => same,
  image = 'rancher/rke-tools:v0.1.108',
  more = '',
  recurring = FRESH,
  ...rest
}: Seen) {
  const basis = quiet()
  const found = inspectOf({ ...recurringOf(more), image })
  const [machine] = basis.seen.machines.values()
  if (machine === undefined) throw new TypeError('no machine')
  const seen: ObservedNode = {
    ...machine,
    address: '1.2.3.4',
    containers: new Map([['etcd-rolling-snapshots', change(found)]]),
    recurring,
  }
  const kube = 'kube' in rest ? rest.kube : basis.seen.kube
  return recurringWarnings({
    wanted: { ...basis.wanted, config: configOf(more) },
    seen: { ...basis.seen, machines: new Map([[seen.address, seen]]), kube },
  })
}

describe('recurring snapshots draw a warning', () => {
  test('where the folder has not changed for two intervals, and the container has run for longer', () => {
    expect(warnings({ recurring: { runsMs: 1000 * HOUR, unchangedMs: 25 * HOUR } })).toEqual([
      'host [1.2.3.4] has taken no snapshot for 25 hours, and one is due every 12h; "docker logs etcd-rolling-snapshots" there says why',
    ])
    expect(warnings({ recurring: { runsMs: 1000 * HOUR, unchangedMs: 23 * HOUR } })).toEqual([])
    expect(warnings({ recurring: { runsMs: 23 * HOUR, unchangedMs: 900 * HOUR } })).toEqual([])
  })

  test('by the interval of the file, in either form', () => {
    const recurring = { runsMs: 1000 * HOUR, unchangedMs: 3 * HOUR }
    expect(warnings({ recurring, more: 'services: {etcd: {creation: 30m}}' })).toEqual([
      expect.stringContaining('no snapshot for 3 hours, and one is due every 30m'),
    ])
    expect(
      warnings({ recurring, more: 'services: {etcd: {backup_config: {interval_hours: 1}}}' }),
    ).toHaveLength(1)
    expect(
      warnings({ recurring, more: 'services: {etcd: {backup_config: {interval_hours: 2}}}' }),
    ).toHaveLength(0)
  })

  test('where their container is in a crash loop, also while Docker tries once more', () => {
    const says = [expect.stringContaining('[1.2.3.4] are not taken: their container is in a crash loop')]
    const restarting = (one: ObservedContainer) => ({ ...one, State: { ...one.State, Restarting: true } })
    expect(warnings({ change: restarting })).toEqual(says)
    const again = (one: ObservedContainer) => ({ ...one, RestartCount: 7 })
    expect(warnings({ change: again, recurring: { runsMs: 5000, unchangedMs: 0 } })).toEqual(says)
    // A machine that was started seven times.
    expect(warnings({ change: again })).toEqual([])
  })

  test('where their helper looks for the state in a ConfigMap, and the cluster has it in a Secret', () => {
    const image = 'registry.example/rancher/rke-tools:v0.1.100'
    const [text = '', ...others] = warnings({ image })
    expect(others).toEqual([])
    expect(text).toContain('recurring snapshots on 1.2.3.4 lack the state')
    expect(text).toContain('system_images: {alpine: registry.example/rancher/rke-tools:v0.1.108}')
    expect(warnings({ image, kube: undefined })).toEqual([])
    expect(warnings({ image: 'example/own-tools:1' })).toEqual([])
  })

  test('never where they are switched off', () => {
    expect(
      recurringWarnings({
        ...quiet(),
        wanted: { ...quiet().wanted, config: configOf('services: {etcd: {snapshot: false}}') },
      }),
    ).toEqual([])
  })
})

test('the newer tag that the warning offers is used, and replaces the container; another tag alone is no reason', () => {
  const wanted = recurringOf('system_images: {alpine: "rancher/rke-tools:v0.1.108"}')
  expect(wanted.image).toBe('rancher/rke-tools:v0.1.108')
  const had = recurringOf('')
  expect(had.image).toBe('rancher/rke-tools:v0.1.103')
  expect(containerDifferences(inspectOf(had), wanted, undefined)).toEqual([
    { kind: 'image', from: had.image, to: wanted.image },
  ])
  expect(
    containerDifferences(inspectOf({ ...had, image: 'rancher/rke-tools:v0.1.96' }), had, undefined),
  ).toEqual([])
  expect(containerDifferences(inspectOf(wanted), had, undefined)).toEqual([])
})
