import { EVENT_ID, getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml'
import { isOfType } from './plain-scalar.ts'
import { type DocumentEvents, documentEvents } from './yaml-events.ts'
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
  /** Its text says whether it is null, a switch, a number or a text: it has neither quotes nor a tag for texts. */
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
  /** It comes from a mapping that `<<` names. */
  readonly merged?: true
}
export interface YamlDocument {
  /** Missing where the document is empty. */
  readonly root?: YamlNode
  /** Where the document ends though more text follows; see `documentEvents`. */
  readonly endsEarly?: number
}

/**
 * The first document of a text; what follows its end is ignored. Aliases become the very node that they name.
 * @throws YamlSyntaxProblem with the offset.
 */
export function parseYamlTree(text: string): YamlDocument {
  const document = documentEvents(text)
  const root = buildTree(document)
  return {
    ...(root === undefined ? {} : { root }),
    ...(document.endsEarly === undefined ? {} : { endsEarly: document.endsEarly }),
  }
}

const aliasHint = 'quote a text that starts with `*`'

interface Open {
  readonly node: YamlMap | YamlList
  key?: YamlNode
  readonly anchor: string | undefined
}

function buildTree({ events, source }: DocumentEvents): YamlNode | undefined {
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
      const node = anchors.get(source.slice(event.anchorStart, event.anchorEnd))
      if (node === undefined)
        throw new YamlSyntaxProblem(event.anchorStart, 'there is no such anchor above', aliasHint)
      if (node === 'open') throw new YamlSyntaxProblem(event.anchorStart, 'this alias would contain itself')
      add(node)
    } else if (event.type === EVENT_ID.POP) {
      const closed = open.pop()
      if (closed?.anchor !== undefined) anchors.set(closed.anchor, closed.node)
    }
  }
  return root
}

const quoted = ({ style }: ScalarEvent): boolean =>
  style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED

const ownTag = /^(?:!!|!<tag:yaml\.org,2002:)(\w+)>?$/
const typesByTag = { null: 'null', bool: 'boolean', int: 'integer', float: 'number', merge: 'merge' } as const

/** A scalar whose tag names a type must be of that type, in quotes or not; any other tag makes a text of it. */
function scalar(source: string, event: ScalarEvent, at: number): YamlScalar {
  const text = textOf(source, event)
  const tag = event.tagStart < 0 ? '' : source.slice(event.tagStart, event.tagEnd)
  if (tag === '') return { kind: 'scalar', at, text, plain: event.style === SCALAR_STYLE.PLAIN }
  const name = ownTag.exec(tag)?.[1] ?? ''
  if (name === 'binary') return { kind: 'scalar', at, text: decoded(text, at), plain: false }
  const type = Object.hasOwn(typesByTag, name) ? typesByTag[name as keyof typeof typesByTag] : undefined
  if (type !== undefined && !isOfType(text, type)) {
    throw new YamlSyntaxProblem(at, `is not of type ${type}, as its tag ${tag} says`, 'remove the tag')
  }
  return { kind: 'scalar', at, text, plain: type !== undefined }
}

/** A block that ends with the file has a final line break only where the file has one. */
function textOf(source: string, event: ScalarEvent): string {
  if (event.valueStart < 0) return ''
  const text = getScalarValue(source, event)
  const block = event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK
  const isTruncated = block && event.valueEnd === source.length && /[^\r\n]$/.test(source)
  return isTruncated ? text.replace(/\n$/, '') : text
}

function decoded(text: string, at: number): string {
  const packed = text.replace(/[\r\n]/g, '')
  if (/^(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?$/.test(packed))
    return Buffer.from(packed, 'base64').toString()
  throw new YamlSyntaxProblem(at, 'is not base64, as its tag !!binary says', 'remove the tag')
}
