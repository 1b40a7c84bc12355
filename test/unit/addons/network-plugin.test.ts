import { expect, test } from 'vitest'
import { desiredAddons } from '../../../src/addons/desired-addons.ts'
import { networkPluginOf } from '../../../src/addons/network-plugin.ts'
import { addonConfig, catalog } from './addon-fixture.ts'

test.each(['canal', 'calico', 'flannel'])('the stored manifest of %s tells the plugin', (plugin) => {
  const plain = addonConfig()
  const config = { ...plain, network: { ...plain.network, options: {}, plugin } }
  const [network] = desiredAddons(config, catalog)
  expect(network?.kind === 'deploy' && networkPluginOf(network.manifest)).toBe(plugin)
})

test('a text that is no manifest of a known plugin tells nothing', () => {
  expect(networkPluginOf('a: [')).toBeUndefined()
  expect(networkPluginOf('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: canal}\n')).toBeUndefined()
  expect(networkPluginOf('kind: DaemonSet\nmetadata:\n  name: canal-of-mine\n')).toBeUndefined()
})
