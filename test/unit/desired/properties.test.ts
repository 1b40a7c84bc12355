import { describe, expect, it } from 'vitest'
import type { ClusterConfig, ClusterNode } from '../../../src/config/cluster-config.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import type { ContainerSpec } from '../../../src/desired/container-spec.ts'
import { containerDifferences } from '../../../src/plan/node/container-difference.ts'
import { inspectOf } from '../plan/support.ts'
import { catalog, containersIn } from './cluster.ts'
import { choices } from './random.ts'
import { type RandomCluster, randomCluster, reordered, type Tree } from './random-cluster.ts'

const SEEDS = Array.from({ length: 100 }, (_, index) => index + 1)

const configOf = (file: Tree): ClusterConfig =>
  loadConfig(JSON.stringify(file), 'cluster.yml', catalog).config

interface Seen extends RandomCluster {
  readonly config: ClusterConfig
  readonly node: ClusterNode
  readonly specs: readonly ContainerSpec[]
}

const everyNode: readonly (Seen & { readonly of: string })[] = SEEDS.flatMap((seed) => {
  const cluster = randomCluster(seed)
  const config = configOf(cluster.file)
  return config.nodes.map((node) => ({
    ...cluster,
    config,
    node,
    of: `seed ${seed}, node ${node.address}`,
    specs: containersIn(config, { ...cluster, node: node.hostnameOverride }),
  }))
})

/** `check` gets every container of every node of every cluster, and a text that says which. */
function everyContainer(check: (spec: ContainerSpec, of: string, seen: Seen) => void): void {
  for (const seen of everyNode) for (const spec of seen.specs) check(spec, `${seen.of}: ${spec.name}`, seen)
}

const SERVICES = {
  etcd: 'etcd',
  'kube-apiserver': 'kubeApi',
  'kube-controller-manager': 'kubeController',
  'kube-scheduler': 'scheduler',
  kubelet: 'kubelet',
  'kube-proxy': 'kubeproxy',
} as const

/** Flags that the user gives as arrays, of the service behind a container. */
function arrayFlags(name: string, { services }: ClusterConfig): readonly string[] {
  const service = Object.entries(SERVICES).find(([container]) => container === name)?.[1]
  return service === undefined ? [] : Object.keys(services[service].extraArgsArray)
}

describe('whatever the options,', () => {
  it('the containers are those of the roles, each once, and the sidekick is there for those that use it', () => {
    for (const { config, node, specs, of } of everyNode) {
      const { backupConfig, externalUrls, snapshot } = config.services.etcd
      const { enabled, intervalHours = 1, retention = 1 } = backupConfig ?? {}
      const etcd = node.role.includes('etcd') && externalUrls.length === 0
      const control = node.role.includes('controlplane')
      const never = enabled === false || intervalHours <= 0 || retention <= 0
      const names = specs.map(({ name }) => name)
      expect([...names].sort(), of).toEqual(
        [
          'kubelet',
          'kube-proxy',
          'service-sidekick',
          ...(control ? ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] : ['nginx-proxy']),
          ...(etcd ? ['etcd'] : []),
          ...(etcd && snapshot && !never ? ['etcd-rolling-snapshots'] : []),
        ].sort(),
      )
      for (const { volumesFrom } of specs) expect(names, of).toEqual(expect.arrayContaining([...volumesFrom]))
    }
  })

  it('every bind leads from an absolute path to one, without double slashes, and is there once', () => {
    everyContainer(({ binds }, of) => {
      for (const bind of binds) expect(bind, of).toMatch(/^(\/[^/:]+)+\/?:(\/[^/:]+)+\/?(:[a-z,]+)?$/)
      expect(new Set(binds).size, of).toBe(binds.length)
    })
  })

  it('every flag is given once, unless the user gives it as an array', () => {
    everyContainer(({ name, command, args }, of, { config }) => {
      const arrays = arrayFlags(name, config)
      const flags = [...command, ...args]
        .filter((entry) => entry.startsWith('--'))
        .map((entry) => entry.slice(2).split('=', 1)[0] ?? '')
        .filter((flag) => !arrays.includes(flag))
      expect(flags, of).toEqual([...new Set(flags)])
    })
  })

  it('no variable is empty or has no name, and no text is one that a missing value leaves', () => {
    everyContainer(({ image, command, args, env }, of) => {
      for (const entry of env) expect(entry, of).toMatch(/^\S[^=]*=/)
      for (const entry of [image, ...command, ...args, ...env]) {
        expect(entry, of).not.toMatch(/undefined|null|NaN|\[object|\[secret/)
      }
      expect(image, of).toMatch(/\S:\S/)
    })
  })

  it('a container made so is found to be as it should be', () => {
    const image = { Entrypoint: null, Env: ['PATH=/bin'] }
    everyContainer((spec, of) => {
      const made = inspectOf(spec)
      const SecurityOpt = spec.privileged ? ['label=disable'] : spec.securityOpt
      const actual = { ...made, HostConfig: { ...made.HostConfig, SecurityOpt } }
      expect(containerDifferences(actual, spec, image), of).toEqual([])
    })
  })

  it('the order of keys in cluster.yml changes nothing', () => {
    for (const seed of SEEDS) {
      const cluster = randomCluster(seed)
      const config = configOf(cluster.file)
      const other = configOf(reordered(cluster.file, choices(seed)))
      for (const { hostnameOverride: node } of config.nodes) {
        const view = { ...cluster, node }
        expect(containersIn(other, view), `seed ${seed}`).toEqual(containersIn(config, view))
      }
    }
  })
})
