const documentMark = /(?:---|\.\.\.)(?=[ \t\r\n]|$)[ \t]*/y
const directive = /%[^\r\n]*/y
const indentation = / */y
const blankLine = /[ \t]*(?:\r\n?|\n|$)/y
const anyLine = /[^\r\n]*(?:\r\n?|\n|$)/y
const lineEnd = /[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n|$)/y
const indicator = /[-?:](?=[ \t\r\n]|$)[ \t]*/y
const property = /[&!][^ \t\r\n]*[ \t]*/y
const blockHeader = /[|>][-+\d]*[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n|$)/y
const plain = /(?:[^ \t\r\n:]+|:(?![ \t\r\n]|$)|[ \t]+(?=[^ \t\r\n#:]|:(?![ \t\r\n]|$)))+/y
const keyEnd = /[ \t]*:(?=[ \t\r\n]|$)/y
const tabs = /[ \t]*/y
const comment = /[ \t]*(?:#[^\r\n]*)?/y
const quoted = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|'[^']*(?:''[^']*)*'/y
const opening = /[[{]/y
const closing = /[\]}]/y
const flowDash = /-(?=[,\]}])/y
const flowGap = /(?:[ \t\r\n]+|#[^\r\n]*)*/y
const flowPart = /[,:?]|(?:[^ \t\r\n,[\]{}:]+|:(?![ \t\r\n,[\]{}]|$)|[ \t]+(?![ \t\r\n#,[\]{}:]))+/y

/**
 * The text with blanks in place of the line breaks, comments and tabs inside brackets and quotes, so that each flow
 * collection and each quoted text stands on one line. Offsets stay what they were.
 *
 * js-yaml wants the lines of a flow collection or a quoted text, closing brackets included, to be deeper than their
 * key, and no tab before a bracket. For yaml.v2, and so for RKE and kubectl, neither means anything; and a dash alone
 * between brackets is a text, for which another stands here. A bracket or a quote that is never closed is left as it
 * is, with all that follows it.
 */
export function flatText(text: string): string {
  const changes: (readonly [from: number, to: number, fill: string])[] = []
  let at = 0
  /** Column of the innermost block at this place: lines that are deeper continue a text. */
  let indent = -1

  const read = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    if (!pattern.test(text)) return false
    at = pattern.lastIndex
    return true
  }

  const readGap = (gap: RegExp): void => {
    const from = at
    if (read(gap) && /[^ ]/.test(text.slice(from, at))) changes.push([from, at, ' '])
  }

  const readQuoted = (): boolean => {
    const from = at
    if (!read(quoted)) return false
    for (const { 0: breaks, index } of text.slice(from, at).matchAll(/[\r\n]+/g)) {
      changes.push([from + index, from + index + breaks.length, ' '])
    }
    return true
  }

  const readFlow = (): boolean => {
    let depth = 0
    do {
      if (read(opening)) depth++
      else if (read(closing)) depth--
      else if (read(flowDash)) changes.push([at - 1, at, 'x'])
      else if (!readQuoted() && !read(flowPart)) return false
      if (depth > 0) readGap(flowGap)
    } while (depth > 0)
    return true
  }

  const skipDeeperLines = (): void => {
    while (at < text.length) {
      const from = at
      if (read(documentMark) || (!read(blankLine) && read(indentation) && at - from <= indent)) {
        at = from
        return
      }
      at = from
      read(anyLine)
    }
  }

  /** Reads a line, and all lines of the nodes that begin on it; false where something is not closed. */
  const readLine = (): boolean => {
    const start = at
    if (read(documentMark) || read(directive)) indent = -1
    read(indentation)
    while (!read(lineEnd)) {
      const column = at - start
      if (read(indicator)) indent = column
      else if (!read(property)) {
        const known = changes.length
        const isText = !/["'[{]/.test(text[at] ?? '')
        if (read(blockHeader)) {
          skipDeeperLines()
          return true
        }
        if (isText ? !read(plain) : !readQuoted() && !readFlow()) {
          changes.length = known
          return false
        }
        if (!read(keyEnd)) {
          if (!isText) readGap(comment)
          read(anyLine)
          if (isText) skipDeeperLines()
          return true
        }
        indent = column
        readGap(tabs)
      }
    }
    return true
  }

  while (at < text.length && readLine());

  let last = 0
  const parts = changes.map(([from, to, fill]) => {
    const part = text.slice(last, from) + fill.repeat(to - from)
    last = to
    return part
  })
  return parts.join('') + text.slice(last)
}
