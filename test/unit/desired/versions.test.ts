import { describe, expect, it } from 'vitest'
import { catalog, clusterOf, containerOf, containersOf, flagsOf } from './cluster.ts'
import { changesText } from './containers-text.ts'

const minorOf = (version: string): number => Number(version.split('.')[1])
const newestOf = new Map(
  catalog.knownVersions
    .filter((version) => minorOf(version) >= 24)
    .map((version) => [minorOf(version), version]),
)

describe('Kubernetes', () => {
  for (const [minor, version] of newestOf) {
    it(`v1.${minor} differs from v1.30.5 in exactly this`, async () => {
      const text = `${version}\n\n${changesText(containersOf(), containersOf({ version }))}`
      await expect(text).toMatchFileSnapshot(`golden/versions/v1.${minor}.txt`)
    })
  }

  it('is known from v1.24 to v1.31', () => {
    expect([...newestOf.keys()]).toEqual([24, 25, 26, 27, 28, 29, 30, 31])
  })

  it('has pods evicted by a time limit up to v1.26, in every release of them', () => {
    for (const version of catalog.knownVersions) {
      const flags = flagsOf(containerOf('kube-controller-manager', { version }))
      expect(flags['pod-eviction-timeout'], version).toBe(minorOf(version) <= 26 ? '5m0s' : undefined)
    }
  })

  it('is told that its runtime is a remote one up to v1.26, in every release of them', () => {
    for (const version of catalog.knownVersions) {
      const flags = flagsOf(containerOf('kubelet', { version }))
      expect(flags['container-runtime'], version).toBe(minorOf(version) <= 26 ? 'remote' : undefined)
      expect(flags['container-runtime-endpoint'], version).toBe('unix:///var/run/cri-dockerd.sock')
    }
  })

  it('takes snapshots with the helper of the default version, whatever its own is', () => {
    for (const version of catalog.knownVersions) {
      expect(containerOf('etcd-rolling-snapshots', { version }).image).toBe('rancher/rke-tools:v0.1.103')
    }
  })

  it('with the cloud provider aws ends with v1.26', () => {
    const yaml = 'cloud_provider: {name: aws}'
    expect(() => clusterOf({ version: 'v1.27.16-rancher1-1', yaml })).toThrow('external-aws')
    expect(flagsOf(containerOf('kubelet', { version: 'v1.26.15-rancher1-1', yaml }))['cloud-provider']).toBe(
      'aws',
    )
  })
})
