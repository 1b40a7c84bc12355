import { byBytes } from '../config/state-form.ts'
import type { Json } from '../config/yaml/write/sorted-yaml.ts'

/**
 * What a template computes with, as Go's text/template sees it. `undefined` is a value that is missing: an unknown key, or a field of a
 * missing value. `null` is one that is there and has no type.
 */
export type Value =
  | string
  | number
  | boolean
  | null
  | undefined
  | List
  | Dictionary
  | Structure
  | Pointer
  | KubeValue

/** `isNull`: an empty list that JSON writes as `null`. */
export interface List {
  readonly kind: 'list'
  readonly items: readonly Value[]
  readonly isNull: boolean
}

export interface Dictionary {
  readonly kind: 'map'
  readonly entries: ReadonlyMap<string, Value>
  readonly isNull: boolean
  /** What `index` gives for a key that is not there: the zero value of the entries' type. */
  readonly zero: Value
}

/** Fixed fields: to ask for another one is an error. Always true. */
export interface Structure {
  readonly kind: 'structure'
  readonly fields: ReadonlyMap<string, Value>
}

/** To `null`, it is false; to anything else, 0 too, it is true. */
export interface Pointer {
  readonly kind: 'pointer'
  readonly to: Value
}

/** Objects of Kubernetes' API, for `toYaml` alone. An empty list is false, an empty object is true. */
export interface KubeValue {
  readonly kind: 'kube'
  readonly json: Json
}

/** A list; `undefined` for one that is null. */
export const list = (items: readonly Value[] | undefined): List => ({
  kind: 'list',
  items: items ?? [],
  isNull: items === undefined,
})

/** A map of texts; `undefined` for one that is null. */
export const textMap = (entries: Readonly<Record<string, string>> | undefined): Dictionary =>
  dictionary(entries, '')

/** A map of lists of texts; `undefined` for one that is null. */
export function listMap(entries: Readonly<Record<string, readonly string[] | null>> | undefined): Dictionary {
  const lists = entries === undefined ? undefined : Object.entries(entries)
  return dictionary(
    lists && Object.fromEntries(lists.map(([key, texts]) => [key, list(texts ?? undefined)])),
    list(undefined),
  )
}

/** A map of anything. As the root of a template it gives a missing value for what it does not have. */
export const anyMap = (entries: Readonly<Record<string, Value>>): Dictionary => dictionary(entries, null)

export const structure = (fields: Readonly<Record<string, Value>>): Structure => ({
  kind: 'structure',
  fields: new Map(Object.entries(fields)),
})

export const pointer = (to: Value): Pointer => ({ kind: 'pointer', to: to ?? null })

export const kubeValue = (json: Json): KubeValue => ({ kind: 'kube', json })

const dictionary = (entries: Readonly<Record<string, Value>> | undefined, zero: Value): Dictionary => ({
  kind: 'map',
  entries: new Map(Object.entries(entries ?? {})),
  isNull: entries === undefined,
  zero,
})

/** What `if`, `with`, `and`, `or` and `default` go by. */
export function isTrue(value: Value): boolean {
  if (value === null || value === undefined) return false
  if (typeof value !== 'object') return Boolean(value)
  if (value.kind === 'list') return value.items.length > 0
  if (value.kind === 'map') return value.entries.size > 0
  if (value.kind === 'pointer') return value.to !== null
  if (value.kind === 'kube') return Array.isArray(value.json) ? value.json.length > 0 : value.json !== null
  return true
}

/** The entries of a map, in the order in which templates see them: that of the keys' bytes. */
export const sortedEntries = ({ entries }: Dictionary): readonly (readonly [string, Value])[] =>
  [...entries].sort(([a], [b]) => byBytes(a, b))

/** What a value is called in errors. */
export function nameOfKind(value: Value): string {
  if (value === undefined) return 'a missing value'
  if (value === null) return 'nil'
  if (typeof value === 'string') return 'a text'
  if (typeof value === 'number') return 'a number'
  if (typeof value === 'boolean') return 'a boolean'
  if (value.kind === 'pointer') return value.to === null ? 'a null pointer' : nameOfKind(value.to)
  return { list: 'a list', map: 'a map', structure: 'a structure', kube: 'an object of Kubernetes' }[
    value.kind
  ]
}

/** What a pointer points to; any other value itself. */
export const pointedTo = (value: Value): Value =>
  typeof value === 'object' && value?.kind === 'pointer' && value.to !== null ? pointedTo(value.to) : value

/** The value as Go's encoding/json writes it: null lists and maps, and what is missing, as null. */
export function toJson(value: Value): Json {
  if (value === null || value === undefined) return null
  if (typeof value !== 'object') return value
  if (value.kind === 'kube') return value.json
  if (value.kind === 'pointer') return toJson(value.to)
  if (value.kind === 'structure') return jsonMap([...value.fields])
  if (value.isNull) return null
  return value.kind === 'list' ? value.items.map(toJson) : jsonMap(sortedEntries(value))
}

const jsonMap = (entries: readonly (readonly [string, Value])[]): Json =>
  Object.fromEntries(entries.map(([key, value]) => [key, toJson(value)]))
