import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { RkeError } from '../../../src/errors.ts'
import { type Outcome, type RkeCase, rkeCases, strayExpectations } from './case-file.ts'
import { factsOf } from './facts.ts'

const docs = readFileSync(new URL('../../../docs/migrating-from-rke1.md', import.meta.url), 'utf8')

interface Made {
  readonly refused: string | undefined
  readonly facts: readonly string[]
}

async function made({ source }: RkeCase): Promise<Made> {
  try {
    return { refused: undefined, facts: await factsOf(source) }
  } catch (error) {
    if (!(error instanceof RkeError)) throw error
    return { refused: error.message, facts: [] }
  }
}

/** What of an outcome is not so, with the facts at the same place. */
function misses({ has, lacks, only }: Outcome, { facts }: Made): readonly string[] {
  const at = (start: string) => facts.filter((fact) => fact.startsWith(start))
  const present = [...lacks.flatMap(at), ...only.flatMap(at).filter((fact) => !has.includes(fact))]
  const missing = has.filter((fact) => !facts.includes(fact))
  return [
    ...present.map((fact) => `is there: ${fact}`),
    ...missing.flatMap((fact) => [`is missing: ${fact}`, ...similar(fact, facts)]),
  ]
}

function similar(fact: string, facts: readonly string[]): readonly string[] {
  const place = fact.replace(/[ =][^ =]*$/, '')
  return facts.filter((each) => each.startsWith(place)).map((each) => `  there is: ${each}`)
}

describe('a cluster file means what it means to RKE 1.6.3:', () => {
  for (const each of rkeCases()) {
    test(each.name, async () => {
      const { rke, deviation } = each
      const result = await made(each)
      expect(misses(rke, result)).toEqual([])
      const refused = deviation === undefined ? rke.refused : deviation.ours.refused
      if (refused === undefined) expect(result.refused).toBeUndefined()
      else expect(result.refused).toContain(refused)
      if (deviation === undefined) return
      expect(docs).toContain(`### ${deviation.title}\n`)
      expect(misses(deviation.ours, result)).toEqual([])
      const asRke =
        misses(deviation.rke, result).length === 0 && deviation.rke.refused === deviation.ours.refused
      expect(asRke, 'the deviation is there no more: make it a common outcome').toBe(false)
    })
  }

  test('every expectation has its cluster file', () => {
    expect(strayExpectations()).toEqual([])
  })
})
