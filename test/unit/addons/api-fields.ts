import * as models from '@kubernetes/client-node'

interface Attribute {
  readonly baseName: string
  readonly type: string
}

interface Model {
  getAttributeTypeMap(): readonly Attribute[]
}

const catalogue: Readonly<Record<string, unknown>> = { ...models }

/**
 * What in the value the Kubernetes API does not know or takes in another type, one line per field, by the
 * API description that the client library was made from. Custom resource schemas are not looked into.
 */
export function unknownFields(value: unknown, type: string, path = type): string[] {
  const list = /^Array<(.+)>$/.exec(type)?.[1]
  if (list !== undefined) {
    if (!Array.isArray(value)) return [`${path} is no list`]
    return value.flatMap((item, index) => unknownFields(item, list, `${path}[${index}]`))
  }
  const map = /^{ \[key: string\]: (.+); }$/.exec(type)?.[1]
  if (map !== undefined) return members(value, path, () => map)
  const model = catalogue[type]
  if (isModel(model) && !type.startsWith('V1JSONSchemaProps')) {
    const types = new Map(model.getAttributeTypeMap().map(({ baseName, type }) => [baseName, type]))
    return members(value, path, (key) => types.get(key))
  }
  return matches(value, type) ? [] : [`${path} is no ${type}`]
}

function members(value: unknown, path: string, typeOf: (key: string) => string | undefined): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path} is no mapping`]
  return Object.entries(value).flatMap(([key, member]) => {
    const type = typeOf(key)
    return type === undefined
      ? [`${path}.${key} is not known`]
      : unknownFields(member, type, `${path}.${key}`)
  })
}

function isModel(value: unknown): value is Model {
  return typeof value === 'function' && 'getAttributeTypeMap' in value
}

function matches(value: unknown, type: string): boolean {
  if (type === 'IntOrString') return Number.isInteger(value) || typeof value === 'string'
  if (type === 'string' || type === 'boolean') return typeof value === type
  if (type === 'number') return Number.isInteger(value)
  return type === 'any' || type.startsWith('V1JSONSchemaProps')
}
