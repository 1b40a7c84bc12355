import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { inlineCode, type Page, pages, root, withoutBlocks } from './pages.ts'

const FILE = /^(?:src|test|docs|bin|examples)(?:\/[\w.*-]+)+\/?$/
const sources = globSync('{src,test,bin,examples}/**/*', { cwd: root }).map((path) => basename(path))

test.each(pages)('the files and folders that $path names exist', (page) => {
  const named = inlineCode(page).filter((code) => FILE.test(code))
  expect(named.filter((path) => globSync(path, { cwd: root }).length === 0)).toEqual([])
})

test.each(pages)('the source files that $path names without a folder exist', (page) => {
  const named = inlineCode(page).filter((code) => /^[\w.-]+\.m?ts$/.test(code))
  expect(named.filter((name) => !sources.includes(name))).toEqual([])
})

test.each(pages)('the links of $path lead somewhere', (page) => {
  const links = [...withoutBlocks(page.text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
  expect(links.filter((link) => !/^https?:/.test(link) && !leadsSomewhere(page, link))).toEqual([])
})

test.each(pages)('the npm scripts that $path names exist', (page) => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }
  const named = [...page.text.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name)
  expect(named.filter((name) => !(name in scripts))).toEqual([])
})

function leadsSomewhere(page: Page, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const file = path === '' ? join(root, page.path) : join(root, dirname(page.path), path)
  if (!existsSync(file)) return false
  return anchor === undefined || anchorsOf(readFileSync(file, 'utf8')).includes(anchor)
}

/** The anchors of headings, as GitHub makes them, and those that a page sets itself. */
function anchorsOf(text: string): readonly string[] {
  const headings = [...withoutBlocks(text).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
  const own = [...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id = '']) => id)
  return [...headings, ...own]
}
