import { CatalogError } from '../errors.ts'
import { readBytes } from '../files/read-file.ts'
import { embeddedDocument } from './embedded-document.ts'
import { type FetchOptions, fetchDocument, usualMaxBytes } from './fetch-document.ts'

/** Whether a location is a URL and not a path, by RKE's rule. */
export const isUrl = (location: string): boolean => location.startsWith('http')

/**
 * The bytes of a metadata document: of a URL or a path, which is the document itself or an executable of RKE with one in it.
 * @throws CatalogError without a hint, or the file system's error
 */
export async function readDocument(location: string, options: FetchOptions = {}): Promise<Buffer> {
  const most = options.maxBytes ?? usualMaxBytes
  const bytes = isUrl(location)
    ? Buffer.from(await fetchDocument(location, { ...options, maxBytes: most }))
    : await readBytes(location, most)
  return documentIn(bytes, most)
}

async function documentIn(bytes: Buffer, most: number): Promise<Buffer> {
  if (isText(bytes)) return bytes
  const embedded = await embeddedDocument(bytes, most)
  if (embedded !== undefined) return embedded.bytes
  throw new CatalogError('it is no JSON document, and no rke executable with one in it')
}

/** Whether it is a text: executables and compressed files have bytes at their beginning that no text has. */
const isText = (bytes: Buffer): boolean => bytes.subarray(0, 16).every((byte) => byte > 8)
