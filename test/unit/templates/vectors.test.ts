import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { renderTemplate } from '../../../src/templates/render-template.ts'
import { TemplateProblem } from '../../../src/templates/template-problem.ts'
import { roots } from './roots.ts'

interface Vector {
  readonly root?: 'map' | 'struct'
  readonly template: string
  /** None where it is an error. */
  readonly output?: string
}

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/templates/${name}`, import.meta.url), 'utf8'))
const ofRke: readonly Vector[] = read('template-vectors.json').cases
const ofGo: readonly Vector[] = read('rendered-by-go.json')

test('84 texts were rendered by RKE 1.6.3, and 350 random ones by Go', () => {
  expect([ofRke.length, ofGo.length]).toEqual([84, 350])
})

test.each(ofRke)('RKE 1.6.3 makes the same of $root $template', rendersAs)
test('Go makes the same of random templates', () => ofGo.forEach(rendersAs))

function rendersAs({ output, root = 'map', template }: Vector): void {
  const render = () => renderTemplate(template, roots[root])
  if (output === undefined) expect(render, template).toThrow(TemplateProblem)
  else expect(render(), template).toBe(output)
}
