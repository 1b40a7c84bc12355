import { describe, expect, it } from 'vitest'
import { buildableVersions, catalog, clusterOf, containerOf, containersOf, flagsOf } from './cluster.ts'
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

  it('has flags from v1.9 to v1.31', () => {
    const minors = Array.from({ length: 23 }, (_, index) => index + 9)
    expect([...new Set(buildableVersions.map(minorOf))]).toEqual(minors)
  })

  it('has pods evicted by a time limit up to v1.26, in every release of them', () => {
    for (const version of buildableVersions) {
      const flags = flagsOf(containerOf('kube-controller-manager', { version }))
      expect(flags['pod-eviction-timeout'], version).toBe(minorOf(version) <= 26 ? '5m0s' : undefined)
    }
  })

  it('is told that its runtime is a remote one from v1.24 to v1.26, in every release of them', () => {
    for (const version of buildableVersions) {
      const flags = flagsOf(containerOf('kubelet', { version }))
      const usesCriDockerd = minorOf(version) >= 24
      const isNamed = usesCriDockerd && minorOf(version) <= 26
      expect(flags['container-runtime'], version).toBe(isNamed ? 'remote' : undefined)
      expect(flags['container-runtime-endpoint'], version).toBe(
        usesCriDockerd ? 'unix:///var/run/cri-dockerd.sock' : undefined,
      )
    }
  })

  it('takes snapshots with the helper of the default version, whatever its own is', () => {
    for (const version of buildableVersions) {
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
