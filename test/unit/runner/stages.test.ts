import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { soakStages, stages } from '../../runner/stages.ts'

test('what a stage runs part of is there', () => {
  const paths = [...stages, ...soakStages].flatMap((stage) =>
    stage.kind === 'tests' ? (stage.paths ?? []) : [],
  )
  expect(paths.length).toBeGreaterThan(2)
  expect(paths.filter((path) => !existsSync(new URL(`../../../${path}`, import.meta.url)))).toEqual([])
})
