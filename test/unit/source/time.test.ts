import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')
/** What waits by the machine's clock, or reads it. Names of methods and texts are none of it. */
const CLOCK =
  /AbortSignal\.timeout|(?<![\w.])set(Timeout|Interval)\((?!\): this)|Date\.now|new Date\(\)|node:timers/

test('only src/time.ts waits by the machine’s clock, or reads it', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((name) => `src/${name}`)
    .filter((name) => name.endsWith('.ts') && name !== 'src/time.ts')
  const found = files.flatMap((name) =>
    readFileSync(join(root, name), 'utf8')
      .split('\n')
      .flatMap((line, index) => (CLOCK.test(line) ? [`${name}:${index + 1}: ${line.trim()}`] : [])),
  )
  expect(files.length).toBeGreaterThan(400)
  expect(found).toEqual([])
})
