import { describe, expect, test } from 'vitest'
import type { AddonConfig } from '../../../src/addons/addon-config.ts'
import { parseManifest } from '../../../src/addons/manifest.ts'
import { desiredAddons } from '../../../src/addons/plan-addons.ts'
import { addonConfig, busyConfig, catalog } from './addon-fixture.ts'

/**
 * The manifests as the cluster gets them. Refresh with `vitest -u` and review the differences: one in a pod
 * template restarts pods in every cluster at the next `up`.
 */
const CASES: readonly (readonly [name: string, config: AddonConfig])[] = [
  ['v1.31.1', addonConfig()],
  ['v1.31.1-busy', busyConfig()],
  ['v1.30.4', addonConfig({ kubernetesVersion: 'v1.30.4-rancher1-1' })],
  ['v1.28.7', addonConfig({ kubernetesVersion: 'v1.28.7-rancher1-1' })],
  ['v1.26.15', addonConfig({ kubernetesVersion: 'v1.26.15-rancher1-1' })],
  ['v1.25.9', addonConfig({ kubernetesVersion: 'v1.25.9-rancher2-2' })],
  ['v1.24.8', addonConfig({ kubernetesVersion: 'v1.24.8-rancher1-1' })],
  ['v1.31.1-no-rbac', addonConfig({ authorization: { mode: 'none', options: {} } })],
]

describe.each(CASES)('addons of %s', (name, config) => {
  const deployed = desiredAddons(config, catalog).flatMap((step) => (step.kind === 'deploy' ? [step] : []))

  test.each(deployed.map((step) => [step.addon, step.manifest] as const))('%s', async (addon, manifest) => {
    await expect(manifest).toMatchFileSnapshot(`golden/${addon}-${name}.yaml`)
  })

  test('every manifest reads back as Kubernetes objects, each one once', () => {
    for (const { manifest } of deployed) {
      const objects = parseManifest(manifest).map(
        ({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`,
      )
      expect(new Set(objects).size).toBe(objects.length)
      expect(objects.length).toBeGreaterThan(2)
    }
  })
})
