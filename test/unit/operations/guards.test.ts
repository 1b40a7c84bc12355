import { describe, expect, it } from 'vitest'
import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import type { Event } from '../../../src/engine/events.ts'
import {
  checkDockerVersions,
  refuseEncryptionChange,
  refuseNewAuthority,
  refusePluginChange,
  refuseSkipping,
  refuseUnsupportedChanges,
} from '../../../src/operations/guards.ts'
import { catalog, config, desiredNodes } from '../fixture.ts'
import { emptyNode, healthyNode, quiet } from '../plan/support.ts'

const { observed } = quiet()
const empty = new Map(desiredNodes.map((desired) => [desired.node.address, emptyNode(desired)]))

const withNodes = (change: (nodes: ClusterConfig['nodes']) => ClusterConfig['nodes']): ClusterConfig => ({
  ...config,
  nodes: change(config.nodes),
})

describe('without a state', () => {
  it('machines that carry a cluster stop the run, before there is a second CA', () => {
    expect(() => refuseNewAuthority(false, observed)).toThrow(
      /there is no state file, but a cluster runs on 10.66.0.11/,
    )
  })

  it('empty machines get a new cluster', () => {
    expect(() => refuseNewAuthority(false, empty)).not.toThrow()
  })
})

describe('a cluster that runs', () => {
  it('may get workers', () => {
    const before = withNodes((nodes) => nodes.slice(0, 2))
    expect(() => refuseUnsupportedChanges(before, config, empty)).not.toThrow()
  })

  it('may get back a control plane node that an earlier run had to skip', () => {
    const before = withNodes((nodes) => nodes.slice(1))
    expect(() => refuseUnsupportedChanges(before, config, observed)).not.toThrow()
  })

  it.each<[string, ClusterConfig, ClusterConfig, RegExp]>([
    ['a node removed', config, withNodes((nodes) => nodes.slice(0, 2)), /remove 10.66.0.13/],
    [
      'an etcd member added',
      withNodes((nodes) => nodes.slice(1)),
      config,
      /add 10.66.0.11 as controlplane, etcd/,
    ],
    [
      'a role changed',
      config,
      withNodes((nodes) =>
        nodes.map((node, index) => (index === 1 ? { ...node, role: ['worker', 'etcd'] } : node)),
      ),
      /change the roles of 10.66.0.12 from worker to worker, etcd/,
    ],
    [
      'another Kubernetes version',
      config,
      { ...config, kubernetesVersion: 'v1.31.1-rancher1-1' },
      /v1.30.4-rancher1-1 to v1.31.1-rancher1-1/,
    ],
  ])('is not touched for %s', (_, before, after, message) => {
    expect(() => refuseUnsupportedChanges(before, after, empty)).toThrow(message)
  })

  it('keeps its network plugin', () => {
    const flannel =
      '---\napiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: kube-flannel, namespace: kube-system}\n'
    const { kube } = quiet()
    if (kube === undefined) throw new TypeError('the quiet cluster has no API')
    const stored = { stored: flannel, job: 'complete', jobAnnotations: {} } as const
    const installed = { ...kube, addons: new Map([['rke-network-plugin', stored]]) }
    expect(() => refusePluginChange(config, installed)).not.toThrow()
    const canal = { ...config, network: { ...config.network, plugin: 'canal' } }
    expect(() => refusePluginChange(canal, installed)).toThrow(/says canal, but flannel is installed/)
  })

  it('keeps its secrets encryption', () => {
    expect(() => refuseEncryptionChange({ rkeConfig: config }, 'text')).toThrow(/secrets_encryption_config/)
    expect(() =>
      refuseEncryptionChange({ rkeConfig: config, encryptionConfig: 'text' }, 'text'),
    ).not.toThrow()
    expect(() => refuseEncryptionChange({}, 'text')).not.toThrow()
  })
})

describe('skipping hosts', () => {
  it('is possible for workers, of a new cluster too', () => {
    expect(() => refuseSkipping(config, undefined, ['10.66.0.13'])).not.toThrow()
  })

  it('is refused when etcd would have no quorum, with the numbers', () => {
    expect(() => refuseSkipping(config, config, ['10.66.0.11'])).toThrow(
      'cannot go on without 10.66.0.11: 0 of 1 etcd nodes can be reached, 1 are needed',
    )
  })

  it('of one etcd member of three is possible in a cluster that runs, not in a new one', () => {
    const three = withNodes((nodes) =>
      nodes.map((node) => ({ ...node, role: ['etcd', 'controlplane', 'worker'] })),
    )
    expect(() => refuseSkipping(three, three, ['10.66.0.12'])).not.toThrow()
    expect(() => refuseSkipping(three, undefined, ['10.66.0.12'])).toThrow(
      /2 of 3 etcd nodes can be reached, 3 are/,
    )
  })
})

describe('Docker versions', () => {
  const withDocker = (dockerVersion: string) => {
    const [first] = desiredNodes
    if (first === undefined) throw new TypeError('the recorded cluster has no node')
    return new Map([[first.node.address, { ...healthyNode(first), dockerVersion }]])
  }
  const check = (version: string): string[] => {
    const events: Event[] = []
    checkDockerVersions(config, catalog, withDocker(version), (event) => events.push(event))
    return events.flatMap((event) => (event.type === 'notice' ? [event.text] : []))
  }

  it('that the Kubernetes version is known with pass silently', () => {
    expect(check('27.1.2')).toEqual([])
  })

  it('that are newer than any known draw a warning', () => {
    expect(check('29.0.1')).toEqual([expect.stringContaining('Unsupported Docker version found [29.0.1]')])
  })

  it('that are too old end the run', () => {
    expect(() => check('1.12.6')).toThrow(
      /Unsupported Docker version found \[1.12.6\] on host \[10.66.0.11\]/,
    )
  })
})
