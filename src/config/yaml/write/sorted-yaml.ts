import { compareKeys } from './key-order.ts'
import { numberScalar, type ScalarPlace, textScalar } from './scalar.ts'

/** A JSON value; members that are undefined do not exist. */
export type Json = string | number | boolean | null | readonly Json[] | JsonMap
export interface JsonMap {
  readonly [key: string]: Json | undefined
}

/**
 * The YAML text of a value, as RKE writes it into files on nodes and manifests: keys sorted, two blanks per level, list dashes
 * in the column of their key, one final line break. Checksums of this text are part of containers, so every byte is
 * fixed, down to where long texts are broken.
 */
export function sortedYaml(value: Json): string {
  return `${item(value, 0).join('\n')}\n`
}

/** Lines of a mapping. The first is not indented: it may follow a dash. */
function mapping(object: JsonMap, indent: number): readonly string[] {
  return Object.entries(object)
    .filter((entry): entry is [string, Json] => entry[1] !== undefined)
    .sort(([a], [b]) => compareKeys(a, b))
    .flatMap(([name, value], index) => {
      const key = `${textScalar(name, { column: indent, indent, key: true })}:`
      const start = index === 0 ? key : `${' '.repeat(indent)}${key}`
      if (isFilledList(value)) return [start, ...sequence(value, indent).map(indentFirst(indent))]
      if (isFilledObject(value)) return [start, ...mapping(value, indent + 2).map(indentFirst(indent + 2))]
      return [`${start} ${scalar(value, { column: indent + [...key].length + 1, indent: indent + 2 })}`]
    })
}

/** Lines of a list. The first is not indented. */
function sequence(list: readonly Json[], indent: number): readonly string[] {
  return list.flatMap((value, index) => {
    const [first = '', ...rest] = item(value, indent + 2)
    return [`${index === 0 ? '' : ' '.repeat(indent)}- ${first}`, ...rest]
  })
}

function item(value: Json, indent: number): readonly string[] {
  if (isFilledList(value)) return sequence(value, indent)
  if (isFilledObject(value)) return mapping(value, indent)
  return [scalar(value, { column: indent, indent })]
}

function scalar(value: Json, place: ScalarPlace): string {
  if (typeof value === 'string') return textScalar(value, place)
  if (typeof value === 'number') return numberScalar(value)
  if (value === null || typeof value === 'boolean') return String(value)
  return Array.isArray(value) ? '[]' : '{}'
}

const indentFirst =
  (indent: number) =>
  (line: string, index: number): string =>
    index === 0 ? `${' '.repeat(indent)}${line}` : line

const isFilledList = (value: Json): value is readonly Json[] => Array.isArray(value) && value.length > 0

function isFilledObject(value: Json): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isEmpty(value as JsonMap)
}

const isEmpty = (object: JsonMap): boolean => Object.values(object).every((value) => value === undefined)
