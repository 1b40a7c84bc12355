import { describe, expect, it } from 'vitest'
import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import { desiredInput, desiredNodes } from '../../../src/desired/desired-cluster.ts'
import type { DesiredNode } from '../../../src/desired/desired-node.ts'
import { ordinaryLinux } from '../../../src/desired/node-facts.ts'
import { prefixed } from '../../../src/desired/paths.ts'
import { ensure } from '../pki/support.ts'
import { catalog, clusterOf } from './cluster.ts'
import { externalEtcd } from './external-etcd.ts'
import { randomCluster } from './random-cluster.ts'

/** Everything below /etc/kubernetes that the containers of a node name, as a path on the node. */
function named({ containers, prefix }: DesiredNode): readonly string[] {
  const texts = containers.flatMap(({ command, args, env }) => [...command, ...args, ...env])
  const paths = texts.flatMap((text) => /\/etc\/kubernetes\/\S+$/.exec(text)?.[0] ?? [])
  return [...new Set(paths)].map((path) => prefixed(prefix, path)).sort()
}

const held = ({ files, certificates }: DesiredNode): readonly string[] =>
  [...files, ...certificates].map(({ path }) => path)

async function nodesOf(
  config: ClusterConfig,
  encrypted: boolean,
  operatingSystem: string,
): Promise<readonly DesiredNode[]> {
  const { bundle } = await ensure(config)
  const encryptionConfig = encrypted ? 'text' : undefined
  const desired = desiredNodes(desiredInput(config, catalog, encrypted), {
    bundle,
    generated: new Set(),
    encryptionGenerated: false,
    encryptionConfig,
  })
  return config.nodes.map((node) => desired(node, { ...ordinaryLinux, operatingSystem }))
}

describe('every file that an argument names', () => {
  it('is one that its node gets, whatever the options', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { file, encrypted, facts } = randomCluster(seed)
      const { config } = loadConfig(JSON.stringify(file), 'cluster.yml', catalog)
      for (const desired of await nodesOf(config, encrypted, facts.operatingSystem ?? '')) {
        const missing = named(desired).filter((path) => !held(desired).includes(path))
        expect(missing, `seed ${seed}, node ${desired.node.address}`).toEqual([])
        expect(named(desired).length).toBeGreaterThanOrEqual(3)
      }
    }
  })

  it('of an etcd that somebody else runs is what cluster.yml gives, on the control plane', async () => {
    const config = clusterOf({
      nodes: [
        '{address: 10.0.0.1, user: rke, role: [controlplane]}',
        '{address: 10.0.0.2, user: rke, role: [worker]}',
      ],
      yaml: `
services:
  etcd:
    external_urls: ["https://etcd.example.org:2379"]
    path: /k8s
    ca_cert: ${JSON.stringify(externalEtcd.caCert)}
    cert: ${JSON.stringify(externalEtcd.cert)}
    key: ${JSON.stringify(externalEtcd.key)}`,
    })
    const [control, worker] = await nodesOf(config, false, 'Linux')
    const content = (name: string) =>
      control?.certificates.find(({ path }) => path === `/etc/kubernetes/ssl/${name}`)?.content.reveal()
    expect(content('kube-etcd-client-ca.pem')).toBe(externalEtcd.caCert)
    expect(content('kube-etcd-client.pem')).toBe(externalEtcd.cert)
    expect(content('kube-etcd-client-key.pem')).toBe(externalEtcd.key)
    expect(control && named(control)).toEqual(
      expect.arrayContaining(
        ['-ca', '', '-key'].map((part) => `/etc/kubernetes/ssl/kube-etcd-client${part}.pem`),
      ),
    )
    expect(worker && held(worker).filter((path) => path.includes('etcd'))).toEqual([])
  })
})
