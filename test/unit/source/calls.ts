/** A call as it stands in a source file: the function's name and its arguments, each as text. */
export interface SourceCall {
  readonly name: string
  readonly args: readonly string[]
}

/** Calls of some functions or constructors in a TypeScript text, in its order. */
export function callsIn(source: string, names: readonly string[]): readonly SourceCall[] {
  const call = new RegExp(`(?<![\\w.])(${names.join('|')})\\(`, 'g')
  return [...source.matchAll(call)].flatMap(({ 0: start, 1: name = '', index }) => {
    if (/\bfunction\s+$|\/[/*][^\n]*$/.test(source.slice(0, index).slice(-80))) return []
    return [{ name, args: argumentsFrom(source, index + start.length) }]
  })
}

/** The texts between the brackets that open before `at`, split at the commas between them. */
function argumentsFrom(source: string, at: number): readonly string[] {
  const args: string[] = []
  let begun = at
  let depth = 0
  for (let index = at; index < source.length; index++) {
    const char = source.charAt(index)
    if (/['"`]/.test(char)) index = endOfText(source, index)
    else if (/[([{]/.test(char)) depth++
    else if (/[)\]}]/.test(char) && depth > 0) depth--
    else if (char === ')' || (char === ',' && depth === 0)) {
      const arg = source.slice(begun, index).trim()
      if (arg !== '') args.push(arg)
      begun = index + 1
      if (char === ')') return args
    }
  }
  return args
}

/** Where the text that begins at `at` with a quote ends. */
function endOfText(source: string, at: number): number {
  const quote = source.charAt(at)
  let index = at + 1
  while (index < source.length && source.charAt(index) !== quote) {
    if (source.charAt(index) === '\\') index++
    else if (quote === '`' && source.startsWith('${', index)) index = endOfHole(source, index + 2)
    index++
  }
  return index
}

function endOfHole(source: string, at: number): number {
  let index = at
  for (let depth = 1; index < source.length; index++) {
    const char = source.charAt(index)
    if (/['"`]/.test(char)) index = endOfText(source, index)
    else if (char === '{') depth++
    else if (char === '}' && --depth === 0) return index
  }
  return index
}

/** The texts in an expression, each as a pattern of what it may become; those inside of other texts are not among them. */
export function textsIn(expression: string): readonly RegExp[] {
  const texts: RegExp[] = []
  for (let index = 0; index < expression.length; index++) {
    if (!/['"`]/.test(expression.charAt(index))) continue
    const end = endOfText(expression, index)
    if (end > index + 1) texts.push(patternOf(expression.slice(index + 1, end)))
    index = end
  }
  return texts
}

function patternOf(text: string): RegExp {
  let pattern = ''
  for (let index = 0; index < text.length; index++) {
    if (text.startsWith('${', index)) {
      index = endOfHole(text, index + 2)
      pattern += '.*'
    } else {
      if (text.charAt(index) === '\\') index++
      pattern += text.charAt(index).replace(/[.*+?^${}()|[\]\\]/, '\\$&')
    }
  }
  return new RegExp(pattern, 's')
}

/** What an expression says, with `…` for all that is not known; of a choice the last text; else the expression itself. */
export function shownText(expression: string): string {
  if (/^['"`]/.test(expression)) return literals(expression).join('')
  return (expression.includes(' ? ') && literals(expression).at(-1)) || expression.replaceAll(/\s+/g, ' ')
}

/** The texts in an expression that are not inside of another one. */
function literals(expression: string): readonly string[] {
  const found: string[] = []
  for (let index = 0; index < expression.length; index++) {
    if (!/['"`]/.test(expression.charAt(index))) continue
    const end = endOfText(expression, index)
    found.push(withoutHoles(expression.slice(index + 1, end)))
    index = end
  }
  return found
}

function withoutHoles(text: string): string {
  let shown = ''
  for (let index = 0; index < text.length; index++) {
    if (text.startsWith('${', index)) {
      index = endOfHole(text, index + 2)
      shown += '…'
    } else if (text.charAt(index) === '\\') shown += text.charAt(++index) === 'n' ? '\n' : text.charAt(index)
    else shown += text.charAt(index)
  }
  return shown
}
