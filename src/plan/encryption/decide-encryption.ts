import {
  type EncryptionChange,
  type EncryptionReason,
  type EncryptionStep,
  encryptionChange,
  keepEncryption,
} from '../../desired/encryption/change.ts'
import { pluginSockets, unseenSockets } from '../../desired/encryption/plugin-sockets.ts'
import { PROVIDER_FILE_FLAG } from '../../desired/encryption/provider-file.ts'
import { type StoredResources, storedResources } from '../../desired/encryption/stored-resources.ts'
import { KUBERNETES_FOLDER } from '../../node-paths.ts'
import { nodesWithRole } from '../../role.ts'
import { Secret } from '../../secret.ts'
import type { HalfState } from '../../state/cluster-state.ts'
import type { ClusterView } from '../model/cluster-view.ts'
import type { PlanScope } from '../plan-scope.ts'
import { nodesOutside } from '../staged/nodes-outside.ts'
import { refuseOtherPlugin, refuseRepeatedPlugin, refuseUnseenPlugin } from './encryption-guards.ts'

/** A text that all API servers get, one after the other; or all Secrets written anew. */
export type EncryptionStage =
  | { readonly text: Secret<string>; readonly generated: boolean; readonly because: EncryptionReason }
  | 'rewrite'

/** How the encryption of Secrets changes. */
export interface EncryptionWork {
  /** Before components are changed. */
  readonly before: readonly EncryptionStage[]
  /** After those of control plane nodes were. */
  readonly after: readonly EncryptionStage[]
  /** What is written anew, and how it is stored then. */
  readonly resources: readonly StoredResources[]
  /** The provider file is not used any more at the end. */
  readonly removesFile: boolean
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
 * How Secrets of an existing cluster get the wanted encryption. Without an answer of the API nothing is changed about it,
 * because Secrets could not be written anew; nor while an API server serves that would not take part. Pure.
 * @throws PlanRefusedError if both provider files could not be read together.
 */
export function decideEncryption(view: ClusterView, scope: PlanScope): EncryptionDecision {
  const { currentState } = view.known.state
  const { encryptionConfig, encryptionGenerated } = view.wanted.material
  const wanted = encryptionConfig ?? ''
  const applied = encryptionState(wanted, false)
  if (currentState.rkeConfig === undefined) {
    refuseRepeatedPlugin(wanted, [])
    refuseUnseenPlugin([wanted], bindsOf(view))
    return { work: undefined, between: wanted, begun: {}, done: applied }
  }
  const { encryptionConfig: current = '', encryptionRewritePending: pending = false } = currentState
  const before = encryptionState(current, pending)
  const change = changeOf(view, scope, current, pending)
  if (change === undefined) {
    return { work: undefined, between: wanted, begun: before, done: applied }
  }
  if (change.waits !== undefined) {
    // The configuration then counts as applied, which would hide that there was another one.
    const done = encryptionState(current, true)
    return { work: undefined, between: current, begun: before, done, waits: change.waits }
  }
  refuseOtherPlugin(current, wanted)
  const later = [change.between, ...textsOf(change.after)]
  refuseRepeatedPlugin(wanted, [...textsOf(change.before), ...later])
  refuseUnseenPlugin([wanted, ...later], bindsOf(view))
  const stage = (step: EncryptionStep): EncryptionStage =>
    step === 'rewrite'
      ? step
      : {
          text: new Secret(step.text),
          because: step.because,
          generated: encryptionGenerated,
        }
  return {
    work: {
      before: change.before.map(stage),
      after: change.after.map(stage),
      resources: storedResources(current, wanted, encryptionGenerated),
      removesFile: wanted === '' && current !== '',
    },
    between: change.between,
    begun: encryptionState(change.after.length > 0 ? change.between : current, true),
    done: applied,
  }
}

function changeOf(
  view: ClusterView,
  scope: PlanScope,
  current: string,
  pending: boolean,
): EncryptionChange | undefined {
  const { config, material } = view.wanted
  const { machines, kube, unhealthyServers } = view.seen
  const controlPlane = nodesWithRole(config.nodes, 'controlplane')
  const servers = controlPlane.flatMap(
    ({ address }) => machines.get(address)?.containers.get('kube-apiserver') ?? [],
  )
  const sockets = pluginSockets(material.encryptionConfig ?? '')
  const change = encryptionChange({
    current,
    wanted: material.encryptionConfig ?? '',
    pending,
    wantedServers: controlPlane.length,
    servers: servers.length,
    withFile: servers.filter(({ flags }) => flags.has(PROVIDER_FILE_FLAG)).length,
    lacksSocket: servers.some(({ HostConfig: { Binds } }) => unseenSockets(sockets, Binds ?? []).length > 0),
  })
  if (change === undefined) return undefined
  if (kube === undefined) return keepEncryption(current, 'no API server answered')
  const unhealthy = [...unhealthyServers]
  if (unhealthy.length > 0) {
    return keepEncryption(current, `the API servers on ${unhealthy.join(', ')} were not healthy`)
  }
  const others = nodesOutside(view, scope, { role: 'controlplane', container: 'kube-apiserver' })
  if (others.length === 0) return change
  return keepEncryption(current, `the API servers on ${others.join(', ')} would have had other keys`)
}

const textsOf = (steps: readonly EncryptionStep[]): readonly string[] =>
  steps.flatMap((step) => (step === 'rewrite' ? [] : step.text))

/** What containers of API servers are given of their machines. */
const bindsOf = ({ wanted: { config } }: ClusterView): readonly string[] => [
  `${KUBERNETES_FOLDER}:${KUBERNETES_FOLDER}`,
  ...config.services.kubeApi.extraBinds,
]

function encryptionState(text: string, pending: boolean): EncryptionState {
  return {
    ...(text !== '' && { encryptionConfig: text }),
    ...(pending && { encryptionRewritePending: true }),
  }
}
