import { readdirSync, readFileSync } from 'node:fs'

const folder = new URL('../../fixtures/rke-cases/', import.meta.url)

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

/** All cases of the fixture; README.md there describes their form. */
export function rkeCases(): readonly RkeCase[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yml'))
  return names.map((file) => {
    const name = file.slice(0, -'.yml'.length)
    const text = readFileSync(new URL(`${name}.txt`, folder), 'utf8')
    return { name, source: readFileSync(new URL(file, folder)), ...expectations(name, text) }
  })
}

/** Names of expectations without a cluster file. */
export function strayExpectations(): readonly string[] {
  const names = readdirSync(folder)
  return names.filter((name) => name.endsWith('.txt') && !names.includes(name.replace(/txt$/, 'yml')))
}

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
