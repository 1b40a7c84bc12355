import { globSync } from 'node:fs'
import { expect, test } from 'vitest'
import { inlineCode, pageOf, root } from './pages.ts'

const folders = (pattern: string): readonly string[] =>
  globSync(pattern, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(root.length).replace(/^\/+/, ''))

test.each([
  ['docs/architecture.md', 'src/*'],
  ['docs/architecture.md', 'src/*/*'],
])('%s says what is in each folder of %s', (page, pattern) => {
  const named = inlineCode(pageOf(page))
  expect(folders(pattern).length).toBeGreaterThan(10)
  expect(folders(pattern).filter((folder) => !named.includes(folder))).toEqual([])
})

test('docs/testing.md says where the tests of each folder of src are', () => {
  const source = new Set(folders('src/*').map((folder) => folder.replace('src/', '')))
  const named = inlineCode(pageOf('docs/testing.md'))
  const others = folders('test/unit/*').filter((folder) => !source.has(folder.replace('test/unit/', '')))
  expect(others.filter((folder) => !named.includes(folder))).toEqual([])
})
