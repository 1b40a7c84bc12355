import { isJsonObject } from '../schema/reading/complete.ts'
import { type Place, placesIn } from '../yaml/places.ts'
import { readYaml, splitDocuments } from '../yaml/read-yaml.ts'
import { YamlSyntaxProblem } from '../yaml/tree/yaml-syntax-problem.ts'

/** What `kubectl apply` takes of a text. */
export interface UsableText {
  readonly text: string
  /** Why documents are left out, each in words that hold nothing of the text: `the document at line 5 is not YAML: …`. */
  readonly problems: readonly string[]
}

/** A text without the documents that `kubectl apply` would refuse; one that has none of them stays as it was written. */
export function usableText(whole: string): UsableText {
  const place = placesIn(whole)
  const documents = splitDocuments(whole).map(({ text, at }) => ({
    text,
    line: place(at).line,
    problem: documentProblem(text, (offset) => place(at + offset)),
  }))
  if (documents.every(({ problem }) => problem === undefined)) return { text: whole, problems: [] }
  return {
    text: joinDocuments(documents.flatMap(({ text, problem }) => (problem === undefined ? [text] : []))),
    problems: documents.flatMap(({ line, problem }) =>
      problem === undefined ? [] : [`the document at line ${line} ${problem}`],
    ),
  }
}

/** Texts of documents as one text, joined as RKE joins those of `addons_include`. */
export function joinDocuments(texts: readonly string[]): string {
  return texts
    .filter((text) => text !== '')
    .map((text) => `${text.startsWith('---') ? '' : '---\n'}${text}${text.endsWith('\n') ? '' : '\n'}`)
    .join('')
}

/**
 * Why `kubectl apply` would refuse a document, as a predicate without its text; `undefined` if it accepts it, or it
 * is empty.
 * @param place gives line and column of an offset in the document.
 */
export function documentProblem(
  text: string,
  place: (offset: number) => Place = placesIn(text),
): string | undefined {
  try {
    const document = readYaml(text)
    const missing = document === null ? undefined : missingMember(document)
    return missing === undefined ? undefined : `is not a Kubernetes object: ${missing}`
  } catch (thrown) {
    if (!(thrown instanceof YamlSyntaxProblem)) throw thrown
    const { column, line } = place(thrown.at)
    return `is not YAML: line ${line}, column ${column}: ${thrown.message}`
  }
}

function missingMember(document: unknown): string | undefined {
  if (!isJsonObject(document)) return 'it is not a mapping'
  const { apiVersion, items, kind, metadata } = document
  if (Array.isArray(items) && typeof kind === 'string') {
    return items.map(missingMember).find((missing) => missing !== undefined)
  }
  if (typeof apiVersion !== 'string') return 'apiVersion is missing'
  if (typeof kind !== 'string') return 'kind is missing'
  const { generateName, name } = isJsonObject(metadata) ? metadata : {}
  if (typeof name === 'string') return undefined
  const why = generateName === undefined ? '' : '; `kubectl apply` does not take metadata.generateName'
  return `metadata.name is missing${why}`
}
