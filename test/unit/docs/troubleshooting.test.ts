import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as errors from '../../../src/errors.ts'
import { pageOf, root } from './pages.ts'

const page = pageOf('docs/troubleshooting.md').text
const headings = page.match(/^## .*$/gm) ?? []

const classes = Object.entries(errors)
  .filter(([, value]) => value === errors.RkeError || value.prototype instanceof errors.RkeError)
  .map(([name]) => name)

test.each(classes)('%s has a section', (name) => {
  expect(headings.filter((heading) => heading.includes(`\`${name}\``))).toHaveLength(1)
})

/** The members of a type of kinds, as its source spells them. */
const kindsOf = (type: string): readonly string[] => {
  const source = readFileSync(join(root, 'src/errors.ts'), 'utf8')
  const members = new RegExp(`${type} =([^;]*?)\\n\\n`).exec(source)?.at(1) ?? ''
  return [...members.matchAll(/\| '([a-z0-9-]+)'/g)].map(([, kind = '']) => kind)
}

test.each(['ConnectionFailure', 'S3Failure'])('every kind of %s has a line', (type) => {
  const kinds = kindsOf(type)
  expect(kinds.length).toBeGreaterThan(10)
  expect(kinds.filter((kind) => !page.includes(`| \`${kind}\` |`))).toEqual([])
})

/** Source files with texts of several lines put together. */
const sources = globSync('src/**/*.ts', { cwd: root }).map((path) =>
  readFileSync(join(root, path), 'utf8').replaceAll(/['`] \+\s*['`]/g, ''),
)

/** First cells of tables, where they quote a message. */
const messages = [...page.matchAll(/^\| `([^`]+)`[^|]*\|/gm)].map(([, message = '']) => message)

test.each([...new Set(messages)])('the program prints: %s', (message) => {
  // What Docker, registries and etcd add after our own words is searched for, too: hints know it.
  const parts = message.split('…').map((part) => part.replaceAll(/^[\s:.,;]+|[\s:.,;]+$/g, ''))
  const known = (part: string) => sources.some((source) => source.includes(part))
  expect(parts.filter((part) => part !== '' && !known(part))).toEqual([])
})
