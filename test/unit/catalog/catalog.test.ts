import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { builtInMetadata } from '../../../src/catalog/built-in-metadata.ts'
import { createCatalog } from '../../../src/catalog/catalog.ts'
import { CatalogError } from '../../../src/errors.ts'
import addonTemplates from './addon-templates.json' with { type: 'json' }

const catalog = createCatalog(builtInMetadata)
const current = [
  'v1.27.16-rancher1-1',
  'v1.28.14-rancher1-1',
  'v1.29.9-rancher1-1',
  'v1.30.5-rancher1-1',
  'v1.31.1-rancher1-1',
]

describe('versions', () => {
  test('303 versions from v1.8 to v1.31 are known, the newest of each minor from v1.27 is offered', () => {
    expect(catalog.knownVersions).toHaveLength(303)
    expect(catalog.knownVersions[0]).toBe('v1.8.11-rancher2-1')
    expect(catalog.currentVersions).toEqual(current)
  })

  test('which minors are offered depends on the RKE version that asks', () => {
    expect(createCatalog(builtInMetadata, 'v1.5.12').currentVersions).toEqual([
      'v1.25.16-rancher2-3',
      'v1.26.15-rancher1-1',
      ...current,
    ])
    expect(createCatalog(builtInMetadata, 'v1.6.99').currentVersions).toEqual(current)
    expect(createCatalog(builtInMetadata, 'v1.7.0').currentVersions).toEqual(current.slice(1))
  })

  test('a version is unusable before its own minimum and from its deprecation on', () => {
    const metadata = {
      ...builtInMetadata,
      K8sVersionInfo: {
        'v1.24.2-rancher1-1': { minRKEVersion: '1.7.0-rc0' },
        'v1.24.4-rancher1-1': { deprecateRKEVersion: '1.6.3' },
      },
    }
    const gated = createCatalog(metadata)
    expect(gated.isKnown('v1.24.2-rancher1-1')).toBe(false)
    expect(gated.isKnown('v1.24.4-rancher1-1')).toBe(false)
    expect(gated.isKnown('v1.24.6-rancher1-1')).toBe(true)
  })

  test('a cluster that names no version gets the default of RKE 1.6.3', () => {
    expect(catalog.defaultVersion).toBe('v1.30.5-rancher1-1')
  })

  test('an unknown version is refused with the versions on offer', () => {
    const refused = () => catalog.systemImages('v1.28.14')
    expect(refused).toThrow(CatalogError)
    expect(refused).toThrow(/v1\.28\.14 is not known/)
  })

  test('metadata may name a default for one RKE version', () => {
    const metadata = {
      ...builtInMetadata,
      RKEDefaultK8sVersions: { '1.6.3': 'v1.29.9-rancher1-1', default: 'v1.31.1-rancher1-1' },
    }
    expect(createCatalog(metadata).defaultVersion).toBe('v1.29.9-rancher1-1')
  })
})

describe('images', () => {
  test('a version has the images of its release', () => {
    expect(catalog.systemImages('v1.30.4-rancher1-1')).toMatchObject({
      kubernetes: 'rancher/hyperkube:v1.30.4-rancher1',
      etcd: 'rancher/mirrored-coreos-etcd:v3.5.12',
      alpine: 'rancher/rke-tools:v0.1.102',
    })
    expect(catalog.systemImages('v1.30.4-rancher1-1').weaveNode).toBeUndefined()
  })

  test('the hyperkube tag is the version without its last number, for every version', () => {
    for (const version of catalog.knownVersions) {
      expect(catalog.systemImages(version).kubernetes).toBe(
        `rancher/hyperkube:${version.slice(0, version.lastIndexOf('-'))}`,
      )
    }
  })

  test('three versions carry the ACI images that RKE 1.6.3 wrote into state files', () => {
    for (const version of ['v1.28.14-rancher1-1', 'v1.29.9-rancher1-1', 'v1.30.5-rancher1-1']) {
      expect(catalog.systemImages(version).aciHostContainer).toBe('noiro/aci-containers-host:6.1.1.1.81c2369')
    }
  })

  test('recurring snapshots use rke-tools of the default version, or a custom image unchanged', () => {
    expect(catalog.backupImage('rancher/rke-tools:v0.1.102')).toBe('rancher/rke-tools:v0.1.103')
    expect(catalog.backupImage('r.io:5000/rancher/rke-tools:v0.1.96')).toBe(
      'r.io:5000/rancher/rke-tools:v0.1.103',
    )
    expect(catalog.backupImage('r.io:5000/tools:1')).toBe('r.io:5000/tools:1')
  })
})

describe('service options', () => {
  test('every known version but v1.8.11 has flags', () => {
    const without = catalog.knownVersions.filter((version) => !catalog.hasServiceOptions(version))
    expect(without).toEqual(['v1.8.11-rancher2-1'])
  })

  test('single builds have flags of their own besides those of their minor version', () => {
    const etcd = (version: string) => catalog.serviceOptions(version).etcd
    const both = { 'client-cert-auth': 'true', 'peer-client-cert-auth': 'true' }
    expect(etcd('v1.15.12-rancher2-5')).toEqual(both)
    expect(etcd('v1.15.12-rancher2-6')).toEqual({})
    expect(etcd('v1.22.7-rancher1-1')).toEqual(both)
    expect(etcd('v1.22.7-rancher1-2')).toEqual({ ...both, 'experimental-initial-corrupt-check': 'true' })
    expect(etcd('v1.21.14-rancher1-1')).toEqual({ ...both, 'enable-v2': 'true' })
  })

  test('the minor of a custom image wins over the version', () => {
    expect(catalog.serviceOptions('v1.26.4-rancher2-1').kubeController['pod-eviction-timeout']).toBe('5m0s')
    const options = catalog.serviceOptions('v1.26.4-rancher2-1', 'v1.30.4-rancher1')
    expect(options.kubeController['pod-eviction-timeout']).toBeUndefined()
  })

  test('a minor without flags is an error that names the ones there are', () => {
    expect(() => catalog.serviceOptions('v1.99.0')).toThrow(/v?1\.99/)
  })
})

/** SHA-256 of JSON with sorted keys. */
function digest(value: unknown): string {
  const sorted = (each: unknown): unknown => {
    if (typeof each !== 'object' || each === null) return each
    return Object.fromEntries(
      Object.entries(each)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, inner]) => [key, sorted(inner)]),
    )
  }
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex')
}

/** The digests were taken of the metadata that RKE 1.6.3 carries, with `null` components as empty ones. */
describe('up to v1.30, the whole data is that of RKE 1.6.3:', () => {
  const upTo30 = <V>(record: Readonly<Record<string, V>>) =>
    Object.fromEntries(Object.entries(record).filter(([key]) => !key.startsWith('v1.31')))

  test('images of 302 versions', () => {
    const images = upTo30(builtInMetadata.K8sVersionRKESystemImages)
    expect(Object.keys(images)).toHaveLength(302)
    expect(digest(images)).toBe('cc2015b2662f77633a78d0584d0b0e8baeceba51b0920cd172a04aa2d6ebf942')
  })

  test('flags of 22 minor versions and 29 single builds', () => {
    const options = upTo30(builtInMetadata.K8sVersionServiceOptions)
    expect(Object.keys(options)).toHaveLength(51)
    expect(digest(options)).toBe('ff6825980ec505ae1be261819067382f8427cfcdf25c3e3fdbc6fc048f45fbf9')
  })
})

describe('Docker versions', () => {
  test('a Docker is accepted by its first two numbers', () => {
    expect(catalog.acceptsDocker('v1.30.4-rancher1-1', '27.2.1')).toBe(true)
    expect(catalog.acceptsDocker('v1.30.4-rancher1-1', '27.3.0')).toBe(false)
    expect(catalog.acceptsDocker('v1.24.2-rancher1-1', '25.0.1')).toBe(false)
    expect(catalog.acceptsDocker('v1.24.2-rancher1-1', '17.03.2-ce')).toBe(true)
    expect(catalog.acceptsDocker('v1.30.4-rancher1-1', 'dev')).toBe(false)
  })

  test('a version and its minor have the same list', () => {
    expect(catalog.dockerVersions('1.30')).toContain('26.1.x')
    expect(catalog.dockerVersions('v1.30.4-rancher1-1')).toEqual(catalog.dockerVersions('1.30'))
    expect(catalog.dockerVersions('1.99')).toEqual([])
  })
})

describe('add-on templates', () => {
  const addons = ['calico', 'canal', 'flannel', 'coreDNS', 'metricsServer', 'nginxIngress', 'aci']

  test.each(Object.entries(addonTemplates))('%s', (version, ids) => {
    expect(addons.map((addon) => catalog.addonTemplate(addon, version))).toEqual(ids)
    expect(catalog.addonTemplate('kubeDNS', version)).toBe('kubedns-v1.16')
    expect(catalog.addonTemplate('weave', version)).toBe('weave-v1.22')
    expect(catalog.addonTemplate('nodelocal', version)).toBe('nodelocal-v1.21')
  })

  test('no range of an add-on overlaps another for a known version', async () => {
    const { inRange } = await import('../../../src/catalog/version-range.ts')
    for (const [addon, ranges] of Object.entries(builtInMetadata.K8sVersionedTemplates)) {
      for (const version of catalog.knownVersions) {
        const matches = Object.keys(ranges).filter((range) => inRange(version, range))
        expect(matches.length, `${addon} ${version}`).toBeLessThanOrEqual(1)
        if (version.startsWith('v1.2')) expect(matches, `${addon} ${version}`).toHaveLength(1)
      }
    }
  })

  test('a version outside all ranges is an error', () => {
    expect(() => catalog.addonTemplate('nginxIngress', 'v1.24.1-rancher1-1')).toThrow(CatalogError)
  })
})
