import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import {
  type EncryptionChange,
  type EncryptionStep,
  encryptionChange,
  keepEncryption,
} from '../../desired/encryption/change.ts'
import { PROVIDER_FILE_FLAG } from '../../desired/encryption/provider-file.ts'
import type { ObservedKube } from '../../observe/observed-kube.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { hasRole } from '../../role.ts'
import { Secret } from '../../secret.ts'
import type { ClusterState, HalfState } from '../../state/cluster-state.ts'
import type { EncryptionStage, EncryptionWork } from '../plan-input.ts'
import { otherServers, refuseUnsafeEncryption } from './encryption-guards.ts'

export interface SeenEncryption {
  readonly config: ClusterConfig
  readonly state: ClusterState
  /** Text of the provider file that the cluster should have. */
  readonly wanted: string | undefined
  readonly observed: ReadonlyMap<string, ObservedNode>
  readonly skipped: readonly string[]
  readonly leaving: readonly ClusterNode[]
  readonly kube: ObservedKube | undefined
  readonly unhealthyServers?: ReadonlySet<string>
}

/** A part of the current half of the state. */
export type EncryptionState = Pick<HalfState, 'encryptionConfig' | 'encryptionRewritePending'>

export interface EncryptionDecision {
  readonly work: EncryptionWork | undefined
  /** Text that API servers have when containers are changed; empty: none. */
  readonly between: string
  /** What the state says of it from the moment the run begins, and when it is done. */
  readonly begun: EncryptionState
  readonly done: EncryptionState
  /** Why another run is needed until the wanted text is in use. */
  readonly waits?: string
}

/**
 * How Secrets of a living cluster get the wanted encryption. Without an answer of the API nothing is changed about it,
 * because Secrets could not be written anew; nor while an API server serves that would not take part. Pure.
 * @throws PlanRefusedError if something could not be read any more.
 */
export function decideEncryption(seen: SeenEncryption): EncryptionDecision {
  const { currentState } = seen.state
  const wanted = seen.wanted ?? ''
  const applied = encryptionState(wanted, false)
  if (currentState.rkeConfig === undefined) {
    return { work: undefined, between: wanted, begun: {}, done: applied }
  }
  const { encryptionConfig: current = '', encryptionRewritePending: pending = false } = currentState
  const before = encryptionState(current, pending)
  const change = changeOf(seen, current, wanted, pending)
  if (change === undefined) {
    return { work: undefined, between: wanted, begun: before, done: applied }
  }
  if (change.waits !== undefined) {
    // The configuration counts as applied then, and would not tell any more that there was another one.
    const done = encryptionState(current, true)
    return { work: undefined, between: current, begun: before, done, waits: change.waits }
  }
  refuseUnsafeEncryption(seen, current, change)
  const known = [current, seen.state.desiredState.encryptionConfig]
  const stage = (step: EncryptionStep): EncryptionStage =>
    step === 'rewrite'
      ? step
      : {
          text: new Secret(step.text),
          because: step.because,
          generated: seen.wanted !== undefined && !known.includes(seen.wanted),
        }
  return {
    work: {
      before: change.before.map(stage),
      after: change.after.map(stage),
      removesFile: wanted === '' && current !== '',
    },
    between: change.between,
    begun: encryptionState(change.after.length > 0 ? change.between : current, true),
    done: applied,
  }
}

function changeOf(
  seen: SeenEncryption,
  current: string,
  wanted: string,
  pending: boolean,
): EncryptionChange | undefined {
  const { config, observed, kube } = seen
  const masters = config.nodes.filter((node) => hasRole(node, 'controlplane'))
  const servers = masters.flatMap(
    ({ address }) => observed.get(address)?.containers.get('kube-apiserver') ?? [],
  )
  const change = encryptionChange({
    current,
    wanted,
    pending,
    wantedServers: masters.length,
    servers: servers.length,
    withFile: servers.filter(({ Config }) =>
      [...(Config.Entrypoint ?? []), ...(Config.Cmd ?? [])].some((argument) =>
        argument.startsWith(`--${PROVIDER_FILE_FLAG}=`),
      ),
    ).length,
  })
  if (change === undefined) return undefined
  if (kube === undefined) return keepEncryption(current, 'no API server answered')
  const unwell = [...(seen.unhealthyServers ?? [])]
  if (unwell.length > 0) {
    return keepEncryption(current, `the API servers on ${unwell.join(', ')} were not well`)
  }
  const others = otherServers(seen)
  if (others.length === 0) return change
  return keepEncryption(current, `the API servers on ${others.join(', ')} would have had other keys`)
}

function encryptionState(text: string, pending: boolean): EncryptionState {
  return {
    ...(text !== '' && { encryptionConfig: text }),
    ...(pending && { encryptionRewritePending: true }),
  }
}
