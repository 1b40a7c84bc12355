import { expect, test } from 'vitest'
import { desiredAddons } from '../../../src/addons/desired-addons.ts'
import { isAtLeast } from '../../../src/catalog/version-order.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import { catalog } from './addon-fixture.ts'

const NODES = 'nodes: [{address: 192.0.2.1, user: u, role: [controlplane, etcd, worker]}]\n'

/** Addons of a usual cluster whose manifests are not built in. */
function left(version: string, plugin: string): string {
  const text = `${NODES}kubernetes_version: ${version}\nnetwork: {plugin: ${plugin}}\n`
  const steps = desiredAddons(loadConfig(text, 'cluster.yml', catalog).config, catalog)
  return steps.flatMap(({ addon, kind }) => (kind === 'leave' ? addon : [])).join(', ')
}

test('the manifests that are built in for older versions are these', async () => {
  const versions = catalog.knownVersions.filter(
    (version) => catalog.hasServiceOptions(version) && !isAtLeast(version, '1.24.0-rancher0'),
  )
  const lines = versions.flatMap((version) =>
    ['canal', 'flannel'].map((plugin) => `${version} ${plugin}: ${left(version, plugin) || 'all built in'}`),
  )
  await expect(`Left as they are:\n\n${lines.join('\n')}\n`).toMatchFileSnapshot('golden/older-versions.txt')
})

test('nodelocal of a version that no release has a manifest of says to take it out', () => {
  const text = `${NODES}kubernetes_version: v1.17.2-rancher1-2\nnetwork: {plugin: none}\ndns: {nodelocal: {ip_address: 169.254.20.10}}\n`
  const { config } = loadConfig(text, 'cluster.yml', catalog)
  expect(() => desiredAddons(config, catalog)).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('take dns.nodelocal out of cluster.yml') }),
  )
})
