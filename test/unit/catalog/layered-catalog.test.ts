import { expect, test } from 'vitest'
import { builtInMetadata } from '../../../src/catalog/built-in-metadata.ts'
import { createCatalog } from '../../../src/catalog/catalog.ts'
import { layeredCatalog } from '../../../src/catalog/layered-catalog.ts'
import { parseMetadata } from '../../../src/catalog/metadata.ts'

const imported = { kind: 'imported', location: '/usr/bin/rke', sha256: 'a'.repeat(64) } as const
const above = createCatalog(
  parseMetadata(
    JSON.stringify({
      RKEDefaultK8sVersions: { default: 'v1.40.1-rancher1-1' },
      K8sVersionRKESystemImages: {
        'v1.30.5-rancher1-1': { etcd: 'mine:1', alpine: 'rancher/rke-tools:v0.1.110' },
        'v1.40.1-rancher1-1': { etcd: 'mine:2', alpine: 'rancher/rke-tools:v0.1.120' },
      },
      K8sVersionServiceOptions: {
        'v1.40': { kubelet: { mine: 'true' } },
        'v1.30': { kubelet: { mine: '30' } },
      },
      K8sVersionDockerInfo: { '1.40': ['40.0.x'] },
      K8sVersionedTemplates: {
        canal: { '>=1.30.0-rancher0': 'canal-x' },
        templateKeys: { 'canal-x': 'text' },
      },
    }),
    'a document',
  ),
  'v1.6.3',
  imported,
)
const below = createCatalog(builtInMetadata)
const both = layeredCatalog(below, [above])

test('a version that a document has is that of the document, with everything that goes with it', () => {
  expect(both.systemImages('v1.30.5-rancher1-1')).toEqual({
    etcd: 'mine:1',
    alpine: 'rancher/rke-tools:v0.1.110',
  })
  expect(both.serviceOptions('v1.30.5-rancher1-1').kubelet).toEqual({ mine: '30' })
  expect(both.addonTemplateText('canal', 'v1.30.5-rancher1-1')).toEqual({ id: 'canal-x', text: 'text' })
  expect(both.source('v1.30.5-rancher1-1')).toEqual(imported)
})

test('a version that it does not have is the built-in one, with everything that goes with it', () => {
  const version = 'v1.28.14-rancher1-1'
  expect(both.systemImages(version)).toEqual(below.systemImages(version))
  expect(both.serviceOptions(version)).toEqual(below.serviceOptions(version))
  expect(both.dockerVersions(version)).toEqual(below.dockerVersions(version))
  expect(both.addonTemplate('canal', version)).toBe(below.addonTemplate('canal', version))
  expect(both.addonTemplateText('canal', version)).toBeUndefined()
  expect(both.source(version)).toEqual({ kind: 'built-in' })
})

test('lists have the versions of both in their order, and the default is the built-in one', () => {
  expect(both.defaultVersion).toBe('v1.30.5-rancher1-1')
  expect(both.knownVersions.at(-1)).toBe('v1.40.1-rancher1-1')
  expect(both.knownVersions).toHaveLength(below.knownVersions.length + 1)
  expect(both.currentVersions).toEqual([...below.currentVersions, 'v1.40.1-rancher1-1'])
  expect(both.isKnown('v1.28.14-rancher1-1')).toBe(true)
  expect(both.isKnown('v1.41.0-rancher1-1')).toBe(false)
})

test('a version that nobody knows has the flags and manifests of whoever knows its minor', () => {
  expect(both.serviceOptions('v1.40.9-own1-1').kubelet).toEqual({ mine: 'true' })
  expect(both.serviceOptions('v1.28.99-own1-1')).toEqual(below.serviceOptions('v1.28.99-own1-1'))
  expect(both.acceptsDocker('v1.40', '40.0.1')).toBe(true)
  expect(both.acceptsDocker('v1.28', '24.0.9')).toBe(below.acceptsDocker('v1.28', '24.0.9'))
  expect(both.addonTemplateText('canal', 'v1.40.9-own1-1')?.id).toBe('canal-x')
  expect(() => both.systemImages('v1.41.0-rancher1-1')).toThrow(
    'Kubernetes version v1.41.0-rancher1-1 is not known',
  )
})

test('a document changes nothing that clusters get whose version it does not have', () => {
  const old = 'v1.20.15-rancher2-2'
  const older = createCatalog(
    parseMetadata(
      JSON.stringify({
        RKEDefaultK8sVersions: { default: old },
        K8sVersionRKESystemImages: { [old]: { etcd: 'mine:1', alpine: 'rancher/rke-tools:v0.1.78' } },
        K8sVersionServiceOptions: { 'v1.20': {} },
      }),
      'an older document',
    ),
    'v1.6.3',
    imported,
  )
  for (const catalog of [layeredCatalog(below, [older]), layeredCatalog(below, [above, older])]) {
    expect(catalog.systemImages(old).etcd).toBe('mine:1')
    expect(catalog.defaultVersion).toBe(below.defaultVersion)
    expect(catalog.currentVersions).not.toContain(old)
    expect(catalog.currentVersions).toEqual(expect.arrayContaining([...below.currentVersions]))
    for (const helper of ['v0.1.103', 'v0.1.78', 'v0.1.120']) {
      const image = `rancher/rke-tools:${helper}`
      expect(catalog.backupImage(image)).toBe(below.backupImage(image))
    }
  }
})
