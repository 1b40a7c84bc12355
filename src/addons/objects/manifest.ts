import { dump } from 'js-yaml'
import { readYamlDocuments } from '../../config/yaml/read-yaml.ts'
import type { Manifest, ManifestObject } from './manifest-object.ts'

/** The manifest as multi-document YAML. The same objects give the same text, byte for byte. */
export function renderManifest(objects: Manifest): string {
  return objects.map((object) => `---\n${dump(object, RENDER)}`).join('')
}

const RENDER = { noRefs: true, lineWidth: -1, seqNoIndent: true } as const

/**
 * The objects of a manifest as `kubectl apply -f` sees them: empty documents are skipped, a `List` is its
 * items.
 *
 * @throws YamlSyntaxProblem, or `TypeError` for a document that is not a Kubernetes object
 */
export function parseManifest(text: string): Manifest {
  return readYamlDocuments(text).flatMap((document) => kubeObjects(document))
}

function kubeObjects(document: unknown): ManifestObject[] {
  if (isRecord(document) && typeof document.kind === 'string' && Array.isArray(document.items)) {
    return document.items.flatMap((item) => kubeObjects(item))
  }
  if (!isKubeObject(document)) throw new TypeError('a document without apiVersion, kind or metadata.name')
  return [document]
}

/** Whether the value has what every Kubernetes object has: apiVersion, kind, metadata.name. */
export function isKubeObject(value: unknown): value is ManifestObject {
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
