import { readdirSync, readFileSync } from 'node:fs'

/** Cases that were met, and files as people write them. */
const folders = ['rke-cases', 'field'].map((name) => new URL(`../../fixtures/${name}/`, import.meta.url))

/** What is made of a cluster file: taken or not, and facts about it. */
export interface Outcome {
  /** `undefined`: the file is accepted; otherwise words of the message that refuses it. */
  readonly refused: string | undefined
  /** Lines that are among the facts. */
  readonly has: readonly string[]
  /** Beginnings of lines that are not among the facts. */
  readonly lacks: readonly string[]
  /** Beginnings of lines of which there are none but those in `has`. */
  readonly only: readonly string[]
}

/** One cluster file, and what RKE 1.6.3 makes of it. */
export interface RkeCase {
  readonly name: string
  /** The cluster file, byte for byte. */
  readonly source: Uint8Array
  /** What this program must make of it, too. */
  readonly rke: Outcome
  /** Where it deliberately does not: title in the documentation, RKE's outcome there, and its own. */
  readonly deviation?: { readonly title: string; readonly rke: Outcome; readonly ours: Outcome }
}

/** All cases of the fixtures; the README.md of the first describes their form. */
export function rkeCases(): readonly RkeCase[] {
  return folders.flatMap((folder) =>
    namesIn(folder, '.yml').map((name) => {
      const text = readFileSync(new URL(`${name}.txt`, folder), 'utf8')
      return { name, source: readFileSync(new URL(`${name}.yml`, folder)), ...expectations(name, text) }
    }),
  )
}

/** Names of expectations without a cluster file. */
export function strayExpectations(): readonly string[] {
  return folders.flatMap((folder) => {
    const files = namesIn(folder, '.yml')
    return namesIn(folder, '.txt').filter((name) => !files.includes(name))
  })
}

const namesIn = (folder: URL, ending: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))

interface Statement {
  /** Who it is about; both, unless it says so. */
  readonly who: 'RKE' | 'ours' | ''
  readonly verb: string
  readonly rest: string
}

const STATEMENT = /^(?:(RKE|ours) )?(accepts|refuses:|has|lacks|only|differs:)(?: (.*))?$/

function expectations(name: string, text: string): Pick<RkeCase, 'rke' | 'deviation'> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const statements = lines.map((line): Statement => {
    const [, who = '', verb, rest = ''] = STATEMENT.exec(line) ?? []
    if (verb === undefined) throw new TypeError(`${name}.txt: cannot be read: ${line}`)
    return { who: who === 'RKE' || who === 'ours' ? who : '', verb, rest }
  })
  if (statements.length === 0) throw new TypeError(`${name}.txt: says nothing`)
  const title = statements.find(({ verb }) => verb === 'differs:')?.rest
  return {
    rke: outcome(statements, ''),
    ...(title !== undefined && {
      deviation: { title, rke: outcome(statements, 'RKE'), ours: outcome(statements, 'ours') },
    }),
  }
}

function outcome(statements: readonly Statement[], who: Statement['who']): Outcome {
  const of = (verb: string): readonly string[] =>
    statements.filter((each) => each.who === who && each.verb === verb).map(({ rest }) => rest)
  return { refused: of('refuses:')[0], has: of('has'), lacks: of('lacks'), only: of('only') }
}
