import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))

const files = ['src', 'bin'].flatMap((folder) =>
  readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => posix.join(folder, name)),
)

/** The source files of the program, by path below the project's folder. */
export const programTexts: ReadonlyMap<string, string> = new Map(
  files.map((file) => [file, readFileSync(`${root}${file}`, 'utf8')]),
)
