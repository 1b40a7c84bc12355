import type { z } from 'zod'
import { type SchemaView, viewOf } from './schema-view.ts'

/** `hostnameOverride` → `hostname_override`. */
const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/**
 * How cluster.yml spells a member of the state file: its own rule first, else unchanged inside a block whose keys
 * are `verbatim`, else in snake_case.
 */
export function yamlKey(member: string, schema: z.ZodType, verbatim: boolean): string {
  return viewOf(schema).rules.yaml ?? (verbatim ? member : snakeCase(member))
}

/**
 * How the keys of a part of cluster.yml relate to those of the state file: in snake_case, the same, the same in any
 * case, or the same in lower case.
 */
export type KeyStyle = 'snake' | 'verbatim' | 'any-case' | 'lower'

type BlockView = Extract<SchemaView, { kind: 'block' }>
const keyTables = new WeakMap<BlockView, { [style in KeyStyle]?: ReadonlyMap<string, string> }>()

/** Member names of a block by their keys in cluster.yml; for `any-case` as Kubernetes writes them. */
export function membersByKey(view: BlockView, style: KeyStyle): ReadonlyMap<string, string> {
  const tables = keyTables.get(view) ?? {}
  keyTables.set(view, tables)
  tables[style] ??= new Map(
    [...view.members].map(([name, schema]) => {
      const key = yamlKey(name, schema, style !== 'snake')
      return [style === 'lower' ? key.toLowerCase() : key, name]
    }),
  )
  return tables[style]
}

/**
 * A path in the state file's spelling as a path in cluster.yml: `services.kubeApi.auditLog` becomes
 * `services`, `kube-api`, `audit_log`. Steps that no schema describes stay as they are.
 */
export function yamlPath(root: z.ZodType, path: readonly (string | number)[]): (string | number)[] {
  const result: (string | number)[] = []
  let schema: z.ZodType | undefined = root
  let verbatim = false
  for (const step of path) {
    const view: SchemaView | undefined = schema === undefined ? undefined : viewOf(schema)
    verbatim ||= view?.rules.keys === 'verbatim' || view?.rules.decode === 'kubernetes'
    if (view?.kind === 'block') {
      const member: z.ZodType | undefined = view.members.get(String(step))
      result.push(member === undefined ? step : yamlKey(String(step), member, verbatim))
      schema = member
    } else {
      result.push(step)
      schema = view?.kind === 'list' ? view.items : view?.kind === 'map' ? view.values : undefined
    }
  }
  return result
}
