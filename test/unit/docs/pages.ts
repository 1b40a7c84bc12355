import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../../..')

/** A page of the documentation. */
export interface Page {
  /** Relative to the project's folder. */
  readonly path: string
  readonly text: string
}

const ELSEWHERE = /(^|\/)(node_modules|\.cache|dist)\//

/** Every page that comes with the project. */
export const pages: readonly Page[] = globSync('{*.md,{docs,src,test}/**/*.md}', { cwd: root })
  .filter((path) => !ELSEWHERE.test(path))
  .sort()
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))

export const pageOf = (path: string): Page => {
  const page = pages.find((one) => one.path === path)
  if (page === undefined) throw new TypeError(`there is no page ${path}`)
  return page
}

/** The text between backticks, outside of code blocks. */
export const inlineCode = ({ text }: Page): readonly string[] =>
  [...withoutBlocks(text).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)

/** A page without its fenced code blocks; indented ones have no backticks. */
export const withoutBlocks = (text: string): string => text.replaceAll(/^```.*?^```/gms, '')

/** The fenced code blocks in one language. */
export const blocksIn = ({ text }: Page, language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, code = '']) => code)
