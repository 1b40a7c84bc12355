import { expect, test } from 'vitest'
import { desiredAddons } from '../../../src/addons/desired-addons.ts'
import { installedNetworkPlugin } from '../../../src/addons/installed-network-plugin.ts'
import { networkManifest } from '../../../src/addons/network-manifest.ts'
import { networkPlugin, supportedPluginNames } from '../../../src/config/network-plugins/network-plugins.ts'
import { addonConfig, catalog } from './addon-fixture.ts'

const configOf = (plugin: string) => {
  const plain = addonConfig()
  return { ...plain, network: { ...plain.network, options: {}, plugin } }
}
const installed = supportedPluginNames.filter((name) => name !== 'none')

test.each(installed)('%s is installed, and recognised by its stored manifest', (plugin) => {
  const [network] = desiredAddons(configOf(plugin), catalog)
  expect(network?.kind === 'deploy' && installedNetworkPlugin(network.manifest)).toBe(plugin)
})

test.each(['weave', 'aci'])('%s is recognised where RKE has installed it, and not installed', (plugin) => {
  const name = networkPlugin(plugin)?.daemonSet
  expect(installedNetworkPlugin(`kind: DaemonSet\nmetadata:\n  name: ${name}\n`)).toBe(plugin)
  expect(() => networkManifest(configOf(plugin), catalog)).toThrow(
    `network.plugin: ${plugin} is not supported yet`,
  )
})

test('a text that is no manifest of a known plugin is recognised as none', () => {
  expect(installedNetworkPlugin('a: [')).toBeUndefined()
  expect(installedNetworkPlugin('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: canal}\n')).toBeUndefined()
  expect(installedNetworkPlugin('kind: DaemonSet\nmetadata:\n  name: canal-of-mine\n')).toBeUndefined()
})
