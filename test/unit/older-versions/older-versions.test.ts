import { describe, expect, test } from 'vitest'
import { factsOf } from './facts.ts'
import { recordedVersions } from './recorded.ts'

const CASES = [
  { name: 'one', machine: {} },
  { name: 'three', machine: {} },
  { name: 'three-selinux', machine: { selinux: true } },
  { name: 'options', machine: {} },
]

describe.each(CASES)('containers, files and labels are those of RKE 1.6.3: $name', ({ machine, name }) => {
  test.each(recordedVersions(name))('$version', ({ clusterFile, facts }) => {
    const made = factsOf(clusterFile, machine)
    expect(made.filter((fact) => !facts.includes(fact))).toEqual([])
    expect(facts.filter((fact) => !made.includes(fact))).toEqual([])
  })
})
