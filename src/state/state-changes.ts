import { isDeepStrictEqual } from 'node:util'
import { clusterConfigSchema } from '../config/schema/cluster.ts'
import { yamlPath } from '../config/schema/reading/yaml-keys.ts'
import { pathText } from '../config/yaml/problems.ts'
import type { HalfState } from './cluster-state.ts'

/** How one half of the state differs from another. `keys` are of cluster.yml, `names` of certificates. */
export type StateReason =
  | { readonly kind: 'nothing-applied-yet' | 'encryption-changed' }
  | { readonly kind: 'configuration-changed'; readonly keys: readonly string[] }
  | { readonly kind: 'certificates-in-state-changed'; readonly names: readonly string[] }
  /** Nodes without the certificates of the others, by their addresses; none: all have them. */
  | { readonly kind: 'left-out-changed'; readonly nodes: readonly string[] }

/** The differences between `next` and `current`, by part; empty if there are none. */
export function halfStateChanges(current: HalfState, next: HalfState): readonly StateReason[] {
  if (current.rkeConfig === undefined) return [{ kind: 'nothing-applied-yet' }]
  const before: Readonly<Record<string, unknown>> = current.rkeConfig
  const after: Readonly<Record<string, unknown>> = next.rkeConfig ?? {}
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const changed = keys.filter((key) => !isDeepStrictEqual(before[key], after[key]))
  const certificates = changedCertificates(current, next)
  const reasons: readonly (StateReason | undefined)[] = [
    changed.length > 0 ? { kind: 'configuration-changed', keys: changed.map(inClusterYml) } : undefined,
    certificates.length > 0 ? { kind: 'certificates-in-state-changed', names: certificates } : undefined,
    sameEncryption(current, next) ? undefined : { kind: 'encryption-changed' },
    isDeepStrictEqual(current.nodesLeftOut, next.nodesLeftOut)
      ? undefined
      : { kind: 'left-out-changed', nodes: next.nodesLeftOut?.nodes ?? [] },
  ]
  return reasons.filter((reason) => reason !== undefined)
}

/** A part of the configuration, in the spelling of cluster.yml. */
const inClusterYml = (key: string): string => pathText(yamlPath(clusterConfigSchema, [key]))

function sameEncryption(a: HalfState, b: HalfState): boolean {
  return (
    a.encryptionConfig === b.encryptionConfig && a.encryptionRewritePending === b.encryptionRewritePending
  )
}

function changedCertificates(current: HalfState, next: HalfState): readonly string[] {
  const before = current.certificatesBundle ?? {}
  const after = next.certificatesBundle ?? {}
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => !isDeepStrictEqual(before[name], after[name]),
  )
}
