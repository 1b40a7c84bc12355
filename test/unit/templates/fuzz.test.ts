import { expect, test } from 'vitest'
import { renderTemplate } from '../../../src/templates/render-template.ts'
import { TemplateProblem } from '../../../src/templates/template-problem.ts'
import { seed } from '../operations/random.ts'
import { RandomTemplate } from './random-template.ts'
import { roots } from './roots.ts'

test('10,000 random templates are rendered, or refused with a reason and a line', () => {
  let rendered = 0
  for (let round = 0; round < 10_000; round++) {
    const template = new RandomTemplate(seed * 10_000 + round).text()
    try {
      renderTemplate(template, roots.map)
      rendered++
    } catch (thrown) {
      expect(thrown, template).toBeInstanceOf(TemplateProblem)
      expect(thrown, template).toMatchObject({ line: expect.any(Number), reason: expect.stringMatching(/./) })
    }
  }
  expect(rendered).toBeGreaterThan(1000)
  expect(rendered).toBeLessThan(9000)
})
