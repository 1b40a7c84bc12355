import { expect, test } from 'vitest'
import type { CertificatesBundle } from '../../../src/pki/encoding/certificate-entry.ts'
import { leftOutAfter, shippedTo } from '../../../src/plan/state/nodes-left-out.ts'
import type { ClusterState, NodesLeftOut } from '../../../src/state/cluster-state.ts'
import { bundle, config } from '../fixture.ts'

const [A = '', B = ''] = config.nodes.map(({ address }) => address)
const NEW = '10.9.9.9'

const clusterWith = (certificatesBundle: CertificatesBundle, nodesLeftOut?: NodesLeftOut): ClusterState => {
  const half = { rkeConfig: config, certificatesBundle }
  return { desiredState: half, currentState: { ...half, ...(nodesLeftOut && { nodesLeftOut }) } }
}
/** Others for these names, as a rotation issues them: with other keys. */
const renewed = (from: CertificatesBundle, ...names: readonly string[]): CertificatesBundle => {
  const other = (name: string) => {
    const entry = from[name]
    if (entry === undefined) throw new TypeError(`there is no ${name}`)
    return [name, { ...entry, certificatePEM: `${name} 2`, keyPEM: `${name} key 2` }] as const
  }
  return { ...from, ...Object.fromEntries(names.map(other)) }
}

test('a node that a change of certificates leaves out lacks those that changed, until a run reaches it', () => {
  const after = renewed(bundle, 'kube-node')
  const left = leftOutAfter(clusterWith(bundle), [A], after)
  expect(left).toEqual({ nodes: [A], certificates: ['kube-node'] })
  const state = clusterWith(after, left)
  expect(shippedTo(A, state)).not.toHaveProperty('kube-node')
  expect(shippedTo(A, state)).toHaveProperty('kube-proxy')
  expect(shippedTo(B, state)).toEqual(after)
  expect(leftOutAfter(state, [A], after)).toEqual(left)
  expect(leftOutAfter(state, [], after)).toBeUndefined()
})

test('one that two changes have left out lacks those of both', () => {
  const first = renewed(bundle, 'kube-node')
  const second = renewed(first, 'kube-proxy')
  const state = clusterWith(first, { nodes: [A], certificates: ['kube-node'] })
  expect(leftOutAfter(state, [A], second)).toEqual({ nodes: [A], certificates: ['kube-node', 'kube-proxy'] })
  expect(leftOutAfter(state, [B], second)).toEqual({ nodes: [B], certificates: ['kube-proxy'] })
})

test('a node that never was part of the cluster lacks nothing, and none does where nothing is changed by force', () => {
  expect(leftOutAfter(clusterWith(bundle), [NEW], renewed(bundle, 'kube-node'))).toBeUndefined()
  expect(leftOutAfter(clusterWith(bundle), [A], bundle)).toBeUndefined()
})
