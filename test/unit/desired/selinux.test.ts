import { describe, expect, it } from 'vitest'
import { desiredInput } from '../../../src/desired/desired-cluster.ts'
import { nodeContainers } from '../../../src/desired/desired-node.ts'
import { ordinaryLinux } from '../../../src/desired/node-facts.ts'
import { catalog, config } from '../fixture.ts'

const LEVEL = 'label=level:s0:c1000,c1001'
const TYPE = 'label=type:rke_container_t'

function optionsOn(selinux: boolean): Record<string, readonly string[]> {
  const facts = { ...ordinaryLinux, selinux }
  const specs = config.nodes.flatMap((node) =>
    nodeContainers(desiredInput(config, catalog, false), node, facts),
  )
  return Object.fromEntries(specs.map((spec) => [spec.name, spec.securityOpt]))
}

describe('SELinux options', () => {
  it('give each container its type, and those that share the sidekick its level', () => {
    expect(optionsOn(true)).toEqual({
      etcd: [TYPE],
      'etcd-rolling-snapshots': [TYPE],
      'service-sidekick': [LEVEL, TYPE],
      'kube-apiserver': [LEVEL, TYPE],
      'kube-controller-manager': [LEVEL, TYPE],
      'kube-scheduler': [LEVEL, TYPE],
      'nginx-proxy': [TYPE],
      kubelet: [],
      'kube-proxy': [],
    })
  })

  it('are not asked for where Docker does not label containers', () => {
    expect(Object.values(optionsOn(false)).flat()).toEqual([])
  })
})
