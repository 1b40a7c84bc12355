/** Where a Kubernetes version, its images, flags and manifests are from. */
export type CatalogSource =
  | { readonly kind: 'built-in' }
  /** A document of the user. */
  | {
      /** Named for this run, or imported before. */
      readonly kind: 'named' | 'imported'
      /** Where it is or was, without credentials. */
      readonly location: string
      /** Of the document, in hexadecimal digits. */
      readonly sha256: string
    }

export const BUILT_IN: CatalogSource = { kind: 'built-in' }

/** For people: `built in`, or the document and the beginning of its digest, by which `rke metadata` knows it. */
export function sourceText(source: CatalogSource): string {
  if (source.kind === 'built-in') return 'built in'
  const id = shortId(source.sha256)
  return source.kind === 'named'
    ? `${source.location} (SHA-256 ${id}…)`
    : `imported ${id} from ${source.location}`
}

/** How people name a document: the first digits of its digest. */
export const shortId = (sha256: string): string => sha256.slice(0, 12)
