import { describe, expect, it } from 'vitest'
import { containerDifferences } from '../../../src/plan/node/container-difference.ts'
import { desiredNodes, observedContainers, observedFiles } from '../fixture.ts'

/** All images of the recorded machines set only this variable, and no entrypoint. */
const image = {
  Entrypoint: null,
  Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
}

describe('a cluster that RKE 1.6.3 made', () => {
  for (const desired of desiredNodes) {
    const { address } = desired.node
    const found = observedContainers(address)
    const named = (name: string) => found.find(({ Name }) => Name === `/${name}`)

    it(`has on ${address} exactly the containers that we want`, () => {
      // This one is left by RKE's look for clusters of its first releases, and may stay.
      const left = found.map(({ Name }) => Name.slice(1)).filter((name) => name !== 'cluster-state-deployer')
      expect(desired.containers.map(({ name }) => name).sort()).toEqual(left.sort())
    })

    it(`needs no container replaced on ${address}`, () => {
      for (const spec of desired.containers) {
        const actual = named(spec.name)
        expect(actual && containerDifferences(actual, spec, image), spec.name).toEqual([])
      }
    })

    it(`gets on ${address} the same networks, restart policies, volumes and labels`, () => {
      for (const spec of desired.containers) {
        const actual = named(spec.name)
        expect(actual?.HostConfig.NetworkMode, spec.name).toBe(spec.network)
        expect(actual?.HostConfig.Privileged, spec.name).toBe(spec.privileged)
        expect(actual?.HostConfig.PidMode, spec.name).toBe(spec.pid ?? '')
        expect(actual?.HostConfig.VolumesFrom ?? [], spec.name).toEqual(spec.volumesFrom)
        expect(actual?.Config.Labels, spec.name).toEqual(spec.labels)
        expect(actual, spec.name).toMatchObject({ RestartPolicy: spec.restart ?? '' })
      }
    })

    it(`has on ${address} exactly the files below /etc/kubernetes that we want`, () => {
      const wanted = [...desired.files, ...desired.certificates].map(({ path }) => path).sort()
      expect(wanted).toEqual(
        observedFiles(address)
          .filter((path) => path.startsWith('/etc/kubernetes/'))
          .sort(),
      )
    })
  }
})
