import { expect, test } from 'vitest'
import { renderTemplate } from '../../../src/templates/render-template.ts'
import { anyMap, list, structure, type Value } from '../../../src/templates/values.ts'

const root = anyMap({ Text: 'text', List: list(Array.from({ length: 1000 }, () => 'x')) })
const problemOf = (template: string, with_: Value = root): unknown => {
  try {
    return renderTemplate(template, with_)
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : thrown
  }
}

test.each([
  ['\n{{ nofunc .Text }}', 'line 2: the function nofunc is not known'],
  ['{{ $v }}', 'line 1: the variable $v is not known'],
  ['\n\n{{ if .Text }}', 'line 3: the if has no end'],
  ['{{ range .List }}{{ else }}{{ else }}{{ end }}', 'line 1: the range has a second else'],
  ['a\n{{ end }}', 'line 2: end without if, with or range'],
  ['{{ template "other" }}', 'line 1: template is not supported'],
  ['{{ 1.5 }}', 'line 1: the number 1.5 is not supported: only decimal whole numbers are'],
  ['{{ "text }}', 'line 1: the text that begins with " has no end'],
  ['{{/* x', 'line 1: the comment has no end'],
  ['{{ .Text', 'line 1: the action has no end'],
  ['{{ .Text .Text }}', 'line 1: only a function can be given an argument'],
  ['{{ eq .List "x" }}', 'line 1: the function eq: incompatible types for comparison: a list and a text'],
  ['{{ indent "2" .Text }}', 'line 1: the function indent: a text is given where a number is needed'],
  [
    '{{ splitList "," .Nope }}',
    'line 1: the function splitList: a missing value is given where a text is needed',
  ],
  ['{{ first .Text }}', 'line 1: the function first: a text is given where a list is needed'],
  ['{{ .Text.Name }}', 'line 1: a text has no field Name'],
])('%j is refused with its line and what is wrong', (template, problem) => {
  expect(problemOf(template)).toBe(problem)
})

test('a structure has no unknown fields, a map has them missing', () => {
  expect(problemOf('{{ .Nope }}', structure({ A: 'a' }))).toBe('line 1: a structure has no field Nope')
  expect(problemOf('{{ .Nope }}')).toBe('<no value>')
})

test.each([
  [
    'loops inside loops',
    '{{ range .List }}{{ range $.List }}{{ range $.List }}{{ end }}{{ end }}{{ end }}',
    'rendering takes too long',
  ],
  [
    'a text that doubles',
    '{{ $t := "abcdefgh" }}{{ range .List }}{{ $t = printf "%s%s" $t $t }}{{ end }}',
    'rendering takes too long',
  ],
  ['much output', '{{ $t := indent 9999 "x" }}{{ range .List }}{{ $t }}{{ end }}', 'too much text is made'],
  ['a wide indent', '{{ indent 2000000000 .Text }}', 'too much text is made'],
  [
    'a long text that is read often',
    '{{ $t := indent 400000 "x" }}{{ range .List }}{{ $l := len $t }}{{ end }}',
    'rendering takes too long',
  ],
  ['deep blocks', '{{ if .Text }}'.repeat(2_000), 'blocks are nested too deep'],
  [
    'a long chain of else if',
    `{{ if .Text }}${'{{ else if .Text }}'.repeat(2_000)}{{ end }}`,
    'blocks are nested too deep',
  ],
  ['deep parentheses', `{{ ${'('.repeat(2_000)} }}`, 'parentheses are nested too deep'],
])('%s end with an error, soon', (_, template, problem) => {
  expect(problemOf(template)).toBe(`line 1: ${problem}`)
})
