import { readYamlDocuments } from '../config/yaml/read-yaml.ts'
import { isRecord } from './objects/manifest.ts'

/** A user's text as it is read where RKE pastes it into a manifest, into the midst of YAML. */
export interface PastedText {
  /** What stands there in the end. */
  readonly text: string
  /** Whether RKE's manifest says the same: otherwise YAML reads something else than a text there, or nothing at all. */
  readonly isText: boolean
}

/** Pasted between double quotes, where YAML's escapes count and lines are folded. */
export function betweenQuotes(text: string): PastedText {
  if (!/[\\"\n\r]/.test(text)) return { text, isText: true }
  return asRead(text, member(`a: "${text.replace(/\n/g, '\n  ')}"`)?.value)
}

/** Pasted without quotes: only a text that YAML takes for none is one. */
export function withoutQuotes(text: string): PastedText {
  return asRead(text, member(`a: ${text}`)?.value)
}

/** Pasted as the key of a map. */
export function asKey(text: string): PastedText {
  return { text, isText: member(`${text}: a`)?.key === text }
}

function asRead(text: string, value: unknown): PastedText {
  return typeof value === 'string' ? { text: value, isText: true } : { text, isText: false }
}

/** The only key of a map, with its value. */
function member(yaml: string): { readonly key: string; readonly value: unknown } | undefined {
  try {
    const [map, ...more] = readYamlDocuments(yaml)
    if (!isRecord(map) || more.length > 0) return undefined
    const [first, ...others] = Object.entries(map)
    return first === undefined || others.length > 0 ? undefined : { key: first[0], value: first[1] }
  } catch {
    return undefined
  }
}
