import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCatalog } from '../../../src/catalog/open-catalog.ts'
import { CatalogError } from '../../../src/errors.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rke-catalog-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('without a location the built-in metadata answers', async () => {
  expect((await openCatalog()).defaultVersion).toBe('v1.30.5-rancher1-1')
  expect((await openCatalog('')).isKnown('v1.31.1-rancher1-1')).toBe(true)
})

test('a path names a metadata document, in which maps may be missing or null', async () => {
  const path = join(folder, 'data.json')
  await writeFile(
    path,
    JSON.stringify({
      RKEDefaultK8sVersions: { default: 'v1.40.0-rancher1-1' },
      K8sVersionRKESystemImages: { 'v1.40.0-rancher1-1': { etcd: 'e:1', alpine: 'rancher/rke-tools:v9' } },
      K8sVersionServiceOptions: { 'v1.40': { etcd: { a: 'b' }, kubeapi: null } },
      rke2: { anything: true },
    }),
  )
  const catalog = await openCatalog(path)
  expect(catalog.systemImages('v1.40.0-rancher1-1').etcd).toBe('e:1')
  expect(catalog.serviceOptions('v1.40.0-rancher1-1')).toMatchObject({ etcd: { a: 'b' }, kubeapi: {} })
  expect(catalog.backupImage('rancher/rke-tools:v1')).toBe('rancher/rke-tools:v9')
})

test('a document that is missing, no JSON or of another shape is an error with its location', async () => {
  const path = join(folder, 'broken.json')
  await expect(openCatalog(path)).rejects.toThrow(path)
  await writeFile(path, '{')
  await expect(openCatalog(path)).rejects.toThrow(CatalogError)
  await writeFile(path, '{"K8sVersionDockerInfo": {"1.30": "27.1.x"}}')
  await expect(openCatalog(path)).rejects.toThrow(/K8sVersionDockerInfo/)
})
