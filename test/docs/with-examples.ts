import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** A link to an example of the library, and the code block after it. */
const EXAMPLE = /(\]\((?:\.\.\/)?(examples\/library\/[\w-]+\.ts)\)[^\n]*\n\n)```ts\n.*?```/gs

/** A page whose code blocks are the examples that it links to, as a user of the package writes them. */
export function withExamples(page: string): string {
  return readFileSync(join(root, page), 'utf8').replaceAll(EXAMPLE, (_, link: string, file: string) => {
    const code = readFileSync(join(root, file), 'utf8')
    return `${link}\`\`\`ts\n${code.replace("'../../src/index.ts'", "'rke'")}\`\`\``
  })
}
