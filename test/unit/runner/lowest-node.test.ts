import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { stages } from '../../runner/stages.ts'

interface Package {
  readonly engines: { readonly node: string }
  readonly dependencies: Readonly<Record<string, string>>
  readonly scripts: Readonly<Record<string, string>>
}

const read = (path: string): Package =>
  JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8'))

const project = read('package.json')
const lowest = read('test/lowest-node/package.json')

test('the Node that unit tests run with besides is the lowest that the program promises', () => {
  expect(project.engines.node).toBe(`>=${lowest.dependencies.node?.replace(/\.0$/, '')}`)
  expect(lowest.dependencies['@types/node']).toBe(`~${lowest.dependencies.node}`)
})

test('npm test runs the unit tests with it, and checks its types', () => {
  const stage = stages.find(({ name }) => name === 'unit-lowest')
  expect(stage?.kind === 'tests' && project.scripts[stage.script]).toMatch(
    /^test\/lowest-node\/.*--project unit$/,
  )
  expect(project.scripts['check:types']).toContain('tsconfig.lowest.json')
})
