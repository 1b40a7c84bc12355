import { describe, expect, it } from 'vitest'
import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import type { Event } from '../../../src/engine/events.ts'
import {
  checkDockerVersions,
  refuseDangerousChanges,
  refuseNewAuthority,
  refusePluginChange,
  refuseRotations,
  refuseSkipping,
} from '../../../src/plan/checks/guards.ts'
import { refuseQuorumLoss } from '../../../src/plan/etcd/member-guards.ts'
import { catalog, config, desiredNodes } from '../fixture.ts'
import { emptyNode, healthyNode, quiet } from '../plan/support.ts'

const observed = quiet().seen.machines
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
  const allEtcd = withNodes((nodes) =>
    nodes.map((node) => ({ ...node, role: ['controlplane', 'etcd', 'worker'] })),
  )
  const version = (kubernetesVersion: string): ClusterConfig => ({ ...config, kubernetesVersion })

  it('may get and lose nodes of any role, as long as one etcd node stays', () => {
    const smaller = { ...allEtcd, nodes: allEtcd.nodes.slice(0, 1) }
    expect(() => refuseDangerousChanges(allEtcd, smaller)).not.toThrow()
    expect(() => refuseDangerousChanges(smaller, allEtcd)).not.toThrow()
  })

  it('does not lose all its etcd nodes at once, and with them its data', () => {
    const [first, ...rest] = allEtcd.nodes
    const before = { ...allEtcd, nodes: first === undefined ? [] : [first] }
    expect(() => refuseDangerousChanges(before, { ...allEtcd, nodes: rest })).toThrow(
      'Etcd plane nodes are replaced: none of 10.66.0.11 stays',
    )
  })

  it('goes up one minor version of Kubernetes at a time', () => {
    expect(() => refuseDangerousChanges(config, version('v1.31.1-rancher1-1'))).not.toThrow()
    expect(() =>
      refuseDangerousChanges(version('v1.29.9-rancher1-1'), version('v1.31.1-rancher1-1')),
    ).toThrow(
      expect.objectContaining({
        message:
          'Kubernetes v1.31.1-rancher1-1 is more than one minor version above v1.29.9-rancher1-1, which the cluster runs',
        hint: expect.stringContaining('go to a version of 1.30 first'),
      }),
    )
  })

  it('does not go down', () => {
    expect(() => refuseDangerousChanges(config, version('v1.29.9-rancher1-1'))).toThrow(
      /v1.29.9-rancher1-1 is older than v1.30.4-rancher1-1/,
    )
  })

  it('loses etcd members only while most of the others are healthy, with the numbers', () => {
    const member = (index: number) => ({
      id: `${index}`,
      name: `etcd-${allEtcd.nodes[index]?.hostnameOverride}`,
      peerURLs: [],
      clientURLs: [],
      isLearner: false,
    })
    const members = [member(0), member(1), member(2)]
    const leaving = allEtcd.nodes.slice(2)
    const staying = { ...allEtcd, nodes: allEtcd.nodes.slice(0, 2) }
    const both = ['10.66.0.11', '10.66.0.12']
    expect(() => refuseQuorumLoss(staying, leaving, { members, healthy: both })).not.toThrow()
    expect(() => refuseQuorumLoss(staying, leaving, { members, healthy: ['10.66.0.11'] })).toThrow(
      'without etcd-10.66.0.13 etcd has 2 members, of which 1 are healthy and 2 are needed',
    )
    expect(() => refuseQuorumLoss(staying, leaving, undefined)).toThrow(
      /no etcd member that stays is healthy/,
    )
  })

  describe('keeps its network plugin', () => {
    const canal = { ...config, network: { ...config.network, plugin: 'canal' } }
    const withStored = (manifest: string | undefined) => {
      const { kube } = quiet().seen
      if (kube === undefined) throw new TypeError('the quiet cluster has no API')
      const network = {
        ...(manifest !== undefined && { stored: manifest }),
        job: 'complete',
        jobAnnotations: {},
      } as const
      return { ...kube, addons: new Map([['rke-network-plugin', network]]) }
    }
    const flannel =
      '---\napiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: kube-flannel, namespace: kube-system}\n'

    it.each([
      ['as its stored manifest says', flannel],
      ['though that manifest cannot be read', `${flannel}a: 'b\nc\n---\n[`],
    ])('%s', (_, manifest) => {
      const installed = withStored(manifest)
      expect(() => refusePluginChange(config, installed, undefined)).not.toThrow()
      expect(() => refusePluginChange(canal, installed, canal)).toThrow(
        /says canal, but flannel is installed/,
      )
    })

    it('as the applied configuration says, where the manifest says nothing or the API cannot be asked', () => {
      for (const kube of [withStored('{{'), undefined]) {
        expect(() => refusePluginChange(config, kube, config)).not.toThrow()
        expect(() => refusePluginChange(canal, kube, config)).toThrow(/says canal, but flannel is installed/)
      }
    })

    it('unless none is installed', () => {
      const none = { ...config, network: { ...config.network, plugin: 'none' } }
      expect(() => refusePluginChange(canal, withStored(undefined), config)).not.toThrow()
      expect(() => refusePluginChange(canal, undefined, none)).not.toThrow()
      expect(() => refusePluginChange(canal, undefined, undefined)).not.toThrow()
      expect(() => refusePluginChange(none, undefined, config)).not.toThrow()
    })
  })

  it('gets no new authorities by its file, and is told the command that replaces them in stages', () => {
    const asked = { ...config, rotateCertificates: { caCertificates: true, services: [] } }
    expect(() => refuseRotations(asked, { rkeConfig: config })).toThrow(/rotate_certificates.cacertificates/)
    expect(() => refuseRotations(asked, { rkeConfig: asked })).not.toThrow()
    expect(() => refuseRotations(asked, {})).not.toThrow()
    const leaves = { ...config, rotateCertificates: { caCertificates: false, services: [] } }
    expect(() => refuseRotations(leaves, { rkeConfig: config })).not.toThrow()
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
