import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE, YAMLException } from 'js-yaml'
import { YamlSyntaxProblem } from './yaml-syntax-problem.ts'

/**
 * A YAML document as it was written: scalars keep their source text, because most of cluster.yml's values are
 * texts whatever they look like (`1.10`, `yes`). `at` is the offset in the source.
 */
export type YamlNode = YamlScalar | YamlList | YamlMap
export interface YamlScalar {
  readonly kind: 'scalar'
  readonly at: number
  readonly text: string
  /** Written without quotes and without a tag that makes it a text. */
  readonly plain: boolean
  /** The text before the whole file was normalised, where that changed it. */
  readonly original?: string
}
export interface YamlList {
  readonly kind: 'list'
  readonly at: number
  readonly items: YamlNode[]
}
export interface YamlMap {
  readonly kind: 'map'
  readonly at: number
  readonly entries: YamlEntry[]
}
export interface YamlEntry {
  readonly key: YamlNode
  readonly value: YamlNode
}

/**
 * Parses the first document of `source`; what follows its end is not looked at. Aliases become the very node that
 * they name. `undefined` for an empty document.
 * @throws YamlSyntaxProblem with the offset.
 */
export function parseYamlTree(source: string): YamlNode | undefined {
  const text = firstDocument(source)
  try {
    return buildTree(text, parseEvents(text, {}))
  } catch (thrown) {
    if (!(thrown instanceof YAMLException)) throw thrown
    throw new YamlSyntaxProblem(thrown.mark?.position ?? 0, thrown.reason, adviceFor(thrown.reason))
  }
}

const advice: readonly (readonly [RegExp, string])[] = [
  [/tab characters/, 'use spaces'],
  [
    /bad indentation/,
    'align the keys of a block, and put a text that holds `: ` or begins with a sign in quotes',
  ],
  [/deficient indentation|quoted scalar/, 'a quote may be left open above'],
  [/flow collection/, 'a bracket may be left open above'],
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

interface Open {
  readonly node: YamlMap | YamlList
  key?: YamlNode
  readonly anchor: string | undefined
}

function buildTree(source: string, events: readonly Event[]): YamlNode | undefined {
  const anchors = new Map<string, YamlNode | 'open'>()
  const open: Open[] = []
  let root: YamlNode | undefined
  let last = 0

  const add = (node: YamlNode) => {
    const parent = open.at(-1)
    if (parent === undefined) root = node
    else if (parent.node.kind === 'list') parent.node.items.push(node)
    else if (parent.key === undefined) parent.key = node
    else {
      parent.node.entries.push({ key: parent.key, value: node })
      delete parent.key
    }
  }
  const anchorOf = (event: { anchorStart: number; anchorEnd: number }) =>
    event.anchorStart < 0 ? undefined : source.slice(event.anchorStart, event.anchorEnd)

  for (const event of events) {
    if (event.type === EVENT_ID.SCALAR) {
      if (event.valueStart >= 0) last = event.valueStart - (quoted(event) ? 1 : 0)
      const node = scalar(source, event, last)
      const anchor = anchorOf(event)
      if (anchor !== undefined) anchors.set(anchor, node)
      add(node)
    } else if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) {
      last = event.start
      const node: YamlMap | YamlList =
        event.type === EVENT_ID.MAPPING
          ? { kind: 'map', at: event.start, entries: [] }
          : { kind: 'list', at: event.start, items: [] }
      const anchor = anchorOf(event)
      if (anchor !== undefined) anchors.set(anchor, 'open')
      add(node)
      open.push({ node, anchor })
    } else if (event.type === EVENT_ID.ALIAS) {
      const name = source.slice(event.anchorStart, event.anchorEnd)
      const node = anchors.get(name)
      if (node === undefined)
        throw new YamlSyntaxProblem(event.anchorStart, `there is no anchor &${name} above`)
      if (node === 'open') throw new YamlSyntaxProblem(event.anchorStart, `*${name} would contain itself`)
      add(node)
    } else if (event.type === EVENT_ID.POP) {
      const closed = open.pop()
      if (closed?.anchor !== undefined) anchors.set(closed.anchor, closed.node)
    }
  }
  return root
}

const quoted = ({ style }: Extract<Event, { type: 4 }>): boolean =>
  style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED

const textTags = new Set(['!', '!!str', '!<tag:yaml.org,2002:str>'])
const binaryTags = new Set(['!!binary', '!<tag:yaml.org,2002:binary>'])

function scalar(source: string, event: Extract<Event, { type: 4 }>, at: number): YamlScalar {
  const text = event.valueStart < 0 ? '' : getScalarValue(source, event)
  const tag = event.tagStart < 0 ? '' : source.slice(event.tagStart, event.tagEnd)
  if (binaryTags.has(tag)) {
    return { kind: 'scalar', at, text: Buffer.from(text, 'base64').toString(), plain: false }
  }
  return { kind: 'scalar', at, text, plain: event.style === SCALAR_STYLE.PLAIN && !textTags.has(tag) }
}
