import { describe, expect, test } from 'vitest'
import { containerDifferences } from '../../../src/plan/node/container-difference.ts'
import { madeOf } from './facts.ts'
import { recordedContainer, recordedVersions } from './recorded.ts'

const CASES = [
  { name: 'one', machine: {} },
  { name: 'three', machine: {} },
  { name: 'three-selinux', machine: { selinux: true } },
  { name: 'options', machine: {} },
]

/** What the images set besides. */
const image = { Entrypoint: null, Env: ['PATH=/bin'] }

describe.each(CASES)('a cluster of RKE 1.6.3: $name', ({ machine, name }) => {
  test.each(recordedVersions(name))(
    '$version has the containers, files and labels that we want',
    (recorded) => {
      const { facts } = madeOf(recorded.clusterFile, machine)
      expect(facts.filter((fact) => !recorded.facts.includes(fact))).toEqual([])
      expect(recorded.facts.filter((fact) => !facts.includes(fact))).toEqual([])
    },
  )

  test.each(recordedVersions(name))(
    '$version has no container that is to be replaced',
    ({ clusterFile, facts }) => {
      for (const { containers, node } of madeOf(clusterFile, machine).nodes) {
        for (const spec of containers) {
          const found = recordedContainer(facts, node.hostnameOverride, spec.name)
          expect(containerDifferences(found, spec, image), `${node.hostnameOverride} ${spec.name}`).toEqual(
            [],
          )
        }
      }
    },
  )
})
