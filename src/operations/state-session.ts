import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { clusterConfigSchema } from '../config/schema/cluster.ts'
import { yamlPath } from '../config/schema/yaml-keys.ts'
import { pathText } from '../config/yaml/problems.ts'
import type { Secret } from '../secret.ts'
import { type ClusterState, emptyState, type HalfState } from '../state/cluster-state.ts'
import type { StateStore } from '../state/state-store.ts'

/** The state of one cluster while a run goes on: what is saved, and the right revision to save over. */
export class StateSession {
  readonly #store: StateStore
  #state: ClusterState
  #revision: string | undefined

  private constructor(store: StateStore, state: ClusterState, revision: string | undefined) {
    this.#store = store
    this.#state = state
    this.#revision = revision
  }

  static async open(store: StateStore): Promise<StateSession> {
    const stored = await store.load()
    return new StateSession(store, stored?.state ?? emptyState, stored?.revision)
  }

  /** There is a state at all. */
  get exists(): boolean {
    return this.#revision !== undefined
  }

  get state(): ClusterState {
    return this.#state
  }

  /** Saves, unless nothing changes: an unchanged run leaves the file's very bytes alone. */
  async save(change: Partial<ClusterState>): Promise<void> {
    const next = { ...this.#state, ...change }
    if (this.exists && isDeepStrictEqual(next, this.#state)) return
    const { revision } = await this.#store.save(next, this.#revision)
    this.#state = next
    this.#revision = revision
  }
}

/** Tells copies of states apart: lower-case hex SHA-256. */
export function copyDigest(copy: Secret<string>): string {
  return createHash('sha256').update(copy.reveal()).digest('hex')
}

/** Why `next` is not `current`, by the parts of it that differ; empty if it is. */
export function halfStateChanges(current: HalfState, next: HalfState): readonly string[] {
  if (current.rkeConfig === undefined) return ['nothing has been applied yet']
  const before: Readonly<Record<string, unknown>> = current.rkeConfig
  const after: Readonly<Record<string, unknown>> = next.rkeConfig ?? {}
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const changed = keys.filter((key) => !isDeepStrictEqual(before[key], after[key]))
  const certificates = changedCertificates(current, next)
  return [
    ...(changed.length > 0 ? [`configuration changed: ${changed.map(inClusterYml).join(', ')}`] : []),
    ...(certificates.length > 0 ? [`certificates changed: ${certificates.join(', ')}`] : []),
    ...(sameEncryption(current, next) ? [] : ['secrets encryption changed']),
  ]
}

/** A part of the configuration as people write it. */
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
