import { COLLECTION_STYLE, EVENT_ID, type Event, parseEvents, YAMLException } from 'js-yaml'
import { flatText } from './flat-text.ts'
import { YamlSyntaxProblem } from './yaml-syntax-problem.ts'

/** The first document of a text as js-yaml sees it; offsets are those of the text. */
export interface DocumentEvents {
  readonly events: readonly Event[]
  /** As far as the document goes. */
  readonly source: string
  /** Where a line that is less indented than the first key ends the document, though more text follows. */
  readonly endsEarly?: number
}

/**
 * Parses the first document of a text as far as yaml.v2, with which RKE and kubectl read: neither the layout inside
 * brackets and quotes nor what follows the document matters. The line breaks that only YAML 1.1 has are breaks.
 * @throws YamlSyntaxProblem with the offset.
 */
export function documentEvents(text: string): DocumentEvents {
  const source = firstDocument(text.replace(/[\u0085\u2028\u2029]/g, '\n'))
  const strict = tryParse(source)
  if (!(strict instanceof YAMLException)) return { events: strict, source }

  const flat = flatText(source)
  const lenient = tryParse(flat)
  if (!(lenient instanceof YAMLException)) return { events: unfolded(lenient, source), source }

  const { mark, reason } = lenient
  const at = mark?.position ?? 0
  const read = source.slice(0, at)
  const early = endReason.test(reason) ? tryParse(flat.slice(0, at)) : lenient
  if (!(early instanceof YAMLException) && mayEndAt(at, source, early)) {
    return { events: unfolded(early, read), source: read, endsEarly: at }
  }
  throw new YamlSyntaxProblem(at, withoutQuotes(reason), adviceFor(reason))
}

/** Schemas in Kubernetes' own manifests are dozens of levels deep. */
const mostLevels = 1000

function tryParse(text: string): readonly Event[] | YAMLException {
  try {
    return parseEvents(text, { maxDepth: mostLevels })
  } catch (thrown) {
    if (thrown instanceof YAMLException) return thrown
    throw thrown
  }
}

/** A password without quotes may be taken for a tag or an alias, and must not be shown. */
const withoutQuotes = (reason: string): string => reason.replace(/(?<=characters): .*$| ".*"/s, '')

const endReason = /end of the stream or a document separator/

/** A block ends, and the document with it, at a line that is less indented; what is in brackets ends with them. */
function mayEndAt(at: number, source: string, events: readonly Event[]): boolean {
  const root = events.find(({ type }) => type === EVENT_ID.MAPPING || type === EVENT_ID.SEQUENCE)
  if (root?.type !== EVENT_ID.MAPPING && root?.type !== EVENT_ID.SEQUENCE) return false
  return root.style === COLLECTION_STYLE.FLOW || columnOf(at, source) < columnOf(root.start, source)
}

const columnOf = (at: number, source: string): number =>
  at - 1 - Math.max(source.lastIndexOf('\n', at - 1), source.lastIndexOf('\r', at - 1))

/** Texts whose line breaks were hidden from the parser have to be folded. */
const unfolded = (events: readonly Event[], source: string): readonly Event[] =>
  events.map((event) =>
    event.type === EVENT_ID.SCALAR &&
    event.fast &&
    /[\r\n]/.test(source.slice(event.valueStart, event.valueEnd))
      ? { ...event, fast: false }
      : event,
  )

const advice: readonly (readonly [RegExp, string])[] = [
  [/tab characters/, 'use spaces'],
  [
    /bad indentation/,
    'align the keys of a block, and quote a text that contains `: ` or starts with a special character',
  ],
  [/deficient indentation|quoted scalar/, 'a quote above may be unclosed'],
  [/flow collection/, 'a bracket above may be unclosed'],
  [/\btag\b/, 'quote a text that starts with `!`'],
]

const adviceFor = (reason: string): string | undefined =>
  advice.find(([pattern]) => pattern.test(reason))?.[1]

/** A line that begins with `---` or `...` ends a document wherever it stands, in quotes and blocks too. */
function firstDocument(source: string): string {
  const prologue = /^(?:\uFEFF?(?:[ \t]*(?:#.*)?|%.*)(?:\r?\n|$))*?(?:\uFEFF?---(?=[ \t\r\n]|$))/.exec(source)
  const start = prologue === null ? 0 : prologue[0].length
  const end = /^(?:---|\.\.\.)(?=[ \t\r\n]|$)/m.exec(source.slice(start))
  return end === null ? source : source.slice(0, start + end.index)
}
