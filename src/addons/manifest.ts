import { boolYaml11Tag, CORE_SCHEMA, dump, intYaml11Tag, loadAll, mergeTag } from 'js-yaml'
import type { KubeObject, Manifest } from './kube-object.ts'

/** kubectl reads YAML 1.1 words (`on`, `yes`, `0644`) as booleans and numbers; so does this. */
const KUBECTL_SCHEMA = CORE_SCHEMA.withTags(mergeTag, boolYaml11Tag, intYaml11Tag)

/** The manifest as multi-document YAML. The same objects give the same text, byte for byte. */
export function renderManifest(objects: Manifest): string {
  return objects.map((object) => `---\n${dump(object, RENDER)}`).join('')
}

const RENDER = { noRefs: true, lineWidth: -1, seqNoIndent: true } as const

/**
 * The objects of a manifest as `kubectl apply -f` sees them: empty documents are skipped, a `List` is its
 * items. A key that is written twice counts with its last value, as in kubectl.
 *
 * @throws js-yaml's `YAMLException`, or `TypeError` for a document that is no Kubernetes object
 */
export function parseManifest(text: string): Manifest {
  return parseDocuments(text).flatMap((document) => kubeObjects(document))
}

/** The non-empty documents of a YAML text, of any shape. */
export function parseDocuments(text: string): unknown[] {
  return loadAll(text, { schema: KUBECTL_SCHEMA, json: true }).filter(
    (document) => document !== null && document !== undefined,
  )
}

function kubeObjects(document: unknown): KubeObject[] {
  if (isRecord(document) && typeof document.kind === 'string' && Array.isArray(document.items)) {
    return document.items.flatMap((item) => kubeObjects(item))
  }
  if (!isKubeObject(document)) throw new TypeError('a document without apiVersion, kind or metadata.name')
  return [document]
}

/** Whether the value has what every Kubernetes object has: apiVersion, kind, metadata.name. */
export function isKubeObject(value: unknown): value is KubeObject {
  return (
    isRecord(value) &&
    typeof value.apiVersion === 'string' &&
    typeof value.kind === 'string' &&
    isRecord(value.metadata) &&
    typeof value.metadata.name === 'string'
  )
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
