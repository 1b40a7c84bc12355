import { describe, expect, it } from 'vitest'
import { desiredInput, desiredNodes } from '../../../src/desired/desired-cluster.ts'
import { nodeContainers } from '../../../src/desired/desired-node.ts'
import { ordinaryLinux } from '../../../src/desired/node-facts.ts'
import { secondsOf } from '../cpu-time.ts'
import { bundle, config as mixedRoles } from '../fixture.ts'
import { catalog, clusterOf } from './cluster.ts'

const roleOf = (index: number): string => (index < 5 ? 'etcd' : index < 10 ? 'controlplane' : 'worker')

describe('a cluster of 1,000 nodes', () => {
  const nodes = Array.from(
    { length: 1000 },
    (_, index) => `{address: 10.1.${index >> 8}.${index & 255}, user: rke, role: [${roleOf(index)}]}`,
  )
  // A large text that is part of containers only by its checksum: made once, it takes no time.
  const customCloudProvider = 'x'.repeat(500_000)
  const config = clusterOf({
    nodes,
    yaml: `cloud_provider: {name: own, customCloudProvider: ${customCloudProvider}}`,
  })

  it('has all its containers in well under a second', () => {
    let count = 0
    const seconds = secondsOf(() => {
      const input = desiredInput(config, catalog, false)
      for (const node of config.nodes) count += nodeContainers(input, node, ordinaryLinux).length
    })
    expect(count).toBe(5 * 6 + 5 * 6 + 990 * 4)
    expect(seconds).toBeLessThan(1)
  })
})

describe('the certificate files', () => {
  const material = {
    bundle,
    generated: new Set(['kube-node']),
    encryptionConfig: undefined,
    encryptionGenerated: false,
  }
  const input = desiredInput(mixedRoles, catalog, false)
  const [control, worker, other] = mixedRoles.nodes
  if (control === undefined || worker === undefined || other === undefined) throw new TypeError('no nodes')

  it('of nodes with the same roles and the same prefix are made once', () => {
    const desired = desiredNodes(input, material)
    const first = desired(worker, ordinaryLinux)
    expect(desired(other, ordinaryLinux).certificates).toBe(first.certificates)
  })

  it('of any node are those that it would have alone', () => {
    const desired = desiredNodes(input, material)
    const machines = [ordinaryLinux, { ...ordinaryLinux, operatingSystem: 'Flatcar' }]
    for (const node of [worker, control, other]) {
      for (const facts of machines) {
        expect(desired(node, facts)).toEqual(desiredNodes(input, material)(node, facts))
      }
    }
  })
})
