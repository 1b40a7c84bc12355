import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { sameManifest } from '../../../src/addons/compare/compare.ts'
import { desiredAddons } from '../../../src/addons/desired-addons.ts'
import { installedNetworkPlugin } from '../../../src/addons/installed-network-plugin.ts'
import { networkManifest } from '../../../src/addons/network-manifest.ts'
import { networkPlugin, supportedPluginNames } from '../../../src/config/network-plugins/network-plugins.ts'
import { addonConfig, catalog } from './addon-fixture.ts'

const configOf = (plugin: string) => {
  const plain = addonConfig()
  return { ...plain, network: { ...plain.network, options: {}, plugin } }
}
const systemImages = { ...addonConfig().systemImages, ...catalog.systemImages('v1.23.16-rancher2-3') }
const of1_23 = { kubernetesVersion: 'v1.23.16-rancher2-3', systemImages }
const installed = supportedPluginNames.filter((name) => name !== 'none')

test.each(installed)('%s is installed, and recognised by its stored manifest', (plugin) => {
  const [network] = desiredAddons(configOf(plugin), catalog)
  expect(network?.kind === 'deploy' && installedNetworkPlugin(network.manifest)).toBe(plugin)
})

test('aci is recognised where RKE has installed it, and left as it is without a document that has its manifest', () => {
  const name = networkPlugin('aci')?.daemonSet
  expect(installedNetworkPlugin(`kind: DaemonSet\nmetadata:\n  name: ${name}\n`)).toBe('aci')
  expect(networkManifest(configOf('aci'), catalog)).toBe('unknown')
  expect(desiredAddons(configOf('aci'), catalog)[0]).toMatchObject({ addon: 'network', kind: 'leave' })
})

test('weave is built in from v1.22 on, and left as it is below', () => {
  const old = { ...configOf('weave'), kubernetesVersion: 'v1.21.14-rancher1-1' }
  expect(networkManifest(old, catalog)).toBe('unknown')
})

test('weave as RKE 1.6.3 stored it is the same, with the account that stands there twice', () => {
  const text = readFileSync(new URL('../../fixtures/rke-manifests/weave-v1.22.json', import.meta.url), 'utf8')
  const stored = `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: JSON.parse(text) })}\n`
  const [step] = desiredAddons({ ...configOf('weave'), ...of1_23 }, catalog)
  expect(step?.kind === 'deploy' && sameManifest(stored, step.manifest)).toBe(true)
})

test('weave takes a password, an MTU, labels of nodes and a priority class, and no other update strategy, as in RKE', () => {
  const config = configOf('weave')
  const network = {
    ...config.network,
    mtu: 1300,
    nodeSelector: { zone: 'b' },
    options: { WeavePassword: 'secret', weave_net_priority_class_name: 'first' },
    updateStrategy: { strategy: 'OnDelete' },
  }
  const selected = networkManifest({ ...config, network }, catalog)
  if (selected === undefined || selected === 'unknown') throw new TypeError('weave is built in')
  expect(selected.warnings).toEqual([expect.stringContaining('OnDelete has no effect')])
  const daemonSet = selected.objects.find(({ kind }) => kind === 'DaemonSet')
  expect(daemonSet).toMatchObject({
    spec: {
      updateStrategy: { type: 'RollingUpdate' },
      template: {
        spec: {
          nodeSelector: { zone: 'b' },
          priorityClassName: 'first',
          containers: [
            {
              env: expect.arrayContaining([
                { name: 'WEAVE_PASSWORD', value: 'secret' },
                { name: 'WEAVE_MTU', value: '1300' },
              ]),
            },
            {},
            {},
          ],
        },
      },
    },
  })
})

test('a text that is no manifest of a known plugin is recognised as none', () => {
  expect(installedNetworkPlugin('a: [')).toBeUndefined()
  expect(installedNetworkPlugin('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: canal}\n')).toBeUndefined()
  expect(installedNetworkPlugin('kind: DaemonSet\nmetadata:\n  name: canal-of-mine\n')).toBeUndefined()
})
