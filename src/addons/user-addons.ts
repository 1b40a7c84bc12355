import { placesIn } from '../config/yaml/places.ts'
import { readYamlDocuments } from '../config/yaml/read-yaml.ts'
import { YamlSyntaxProblem } from '../config/yaml/yaml-syntax-problem.ts'
import { ConfigError } from '../errors.ts'
import { isKubeObject, isRecord } from './manifest.ts'

/** One item of `addons_include`, fetched. */
export interface IncludedAddon {
  /** The item as written: URL or path. */
  readonly source: string
  readonly text: string
}

/**
 * The manifest of all included texts, in their order, one document after the other.
 *
 * @throws ConfigError naming the item that is no Kubernetes manifest
 */
export function includesManifest(items: readonly IncludedAddon[]): string {
  return items
    .map(({ source, text }) => {
      checkUserManifest(`addons_include: ${source}`, text)
      return `${text.startsWith('---') ? '' : '---\n'}${text}${text.endsWith('\n') ? '' : '\n'}`
    })
    .join('')
}

/**
 * Refuses a text that `kubectl apply` would refuse anyway: no YAML, or a document that is no Kubernetes
 * object. The message gives line and column but none of the text, which may hold secrets.
 *
 * @param item what the text is, for the message: `addons` or `addons_include: ./ingress.yaml`
 * @throws ConfigError
 */
export function checkUserManifest(item: string, text: string): void {
  for (const [index, document] of readDocuments(item, text).entries()) {
    const missing = missingMember(document)
    if (missing !== undefined) {
      throw new ConfigError(`${item}: document ${index + 1} is no Kubernetes object: ${missing}`, {
        hint: 'every document needs apiVersion, kind and metadata.name',
      })
    }
  }
}

/** Whether the text holds anything to apply: a text of comments and empty documents does not. */
export function hasDocuments(text: string): boolean {
  return readYamlDocuments(text).length > 0
}

function readDocuments(item: string, text: string): unknown[] {
  try {
    return readYamlDocuments(text)
  } catch (thrown) {
    throw new ConfigError(`${item} is not YAML: ${yamlReason(thrown, text)}`, {
      hint: 'correct the text; `kubectl apply --dry-run=client -f` checks it too',
    })
  }
}

function yamlReason(thrown: unknown, text: string): string {
  if (!(thrown instanceof YamlSyntaxProblem)) return 'it cannot be read'
  const { line, column } = placesIn(text)(thrown.at)
  return `line ${line}, column ${column}: ${thrown.message}`
}

function missingMember(document: unknown): string | undefined {
  if (isKubeObject(document)) return undefined
  if (!isRecord(document)) return 'it is no mapping'
  if (Array.isArray(document.items) && typeof document.kind === 'string') {
    return document.items.map(missingMember).find((missing) => missing !== undefined)
  }
  if (typeof document.apiVersion !== 'string') return 'apiVersion is missing'
  if (typeof document.kind !== 'string') return 'kind is missing'
  return 'metadata.name is missing'
}
