import { isUtf8 } from 'node:buffer'
import { YamlSyntaxProblem } from './tree/yaml-syntax-problem.ts'

/** The largest cluster file in characters: a thousand nodes take a tenth of a million. */
export const largestText = 4 * 1024 * 1024

/**
 * The text of a cluster file: UTF-8, or UTF-16 with a byte order mark.
 * @throws YamlSyntaxProblem if it is too large or of no such encoding.
 */
export function sourceText(source: string | Uint8Array): string {
  if (source.length > largestText) {
    throw new YamlSyntaxProblem(0, 'the file is larger than 4 MiB, the limit for cluster files')
  }
  return typeof source === 'string' ? source : decoded(source)
}

function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  const text = Buffer.from(bytes).toString('utf8')
  if (isUtf8(bytes)) return text
  const at = text.slice(0, text.indexOf('\uFFFD')).length
  throw new YamlSyntaxProblem(at, 'the file is not UTF-8 text', 'save it with that encoding')
}
