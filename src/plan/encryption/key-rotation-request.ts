import type { ClusterConfig } from '../../config/cluster-config.ts'
import { PlanRefusedError, StateError } from '../../errors.ts'
import { nodesWithRole } from '../../role.ts'
import type { ClusterState } from '../../state/cluster-state.ts'

/**
 * Whether cluster.yml asks for another key (`rotate_encryption_key`) and has not got it yet. RKE exchanges the key in every run while
 * the file asks for it, and does nothing else; here one request is done once, and the state remembers it until the file asks no more.
 */
export function asksForNewKey(
  given: Pick<ClusterConfig, 'rotateEncryptionKey'>,
  { currentState }: ClusterState,
): boolean {
  const { rkeConfig, encryptionConfig } = currentState
  const isDone = rkeConfig === undefined || rkeConfig.rotateEncryptionKey
  return given.rotateEncryptionKey && !isDone && encryptionConfig !== undefined
}

/**
 * The configuration that was applied last, if its key can be exchanged.
 * @param given cluster.yml
 * @throws PlanRefusedError where there is no key of this program's own, as RKE refuses it; StateError without a state.
 */
export function configToRotate(
  given: ClusterConfig,
  { currentState, desiredState }: ClusterState,
): ClusterConfig {
  const { rkeConfig: applied, encryptionConfig } = currentState
  if (applied === undefined) {
    throw new StateError('there is no applied configuration in the state, and so no encryption key', {
      step: 'load the state',
      untouched: true,
      hint: 'put cluster.rkestate beside cluster.yml, or get it from the cluster with "rke util get-state-file"',
    })
  }
  for (const config of [given, applied]) {
    const { enabled = false, customConfig } = config.services.kubeApi.secretsEncryptionConfig ?? {}
    if (enabled && customConfig !== undefined) {
      throw refused(
        "can't rotate encryption keys: Key Rotation is not supported with custom configuration",
        'put a new key before the others of custom_config and run "rke up"; then take the old ones out, and run it once more',
      )
    }
    if (enabled) continue
    throw refused(
      "can't rotate encryption keys: Encryption Configuration is disabled",
      config === given
        ? 'switch secrets_encryption_config on, or take rotate_encryption_key out of cluster.yml'
        : 'run "rke up" first, which encrypts Secrets with a new key',
    )
  }
  if (encryptionConfig === undefined) {
    throw refused("can't rotate encryption keys: Secrets are not encrypted yet", 'run "rke up" first')
  }
  refuseBegunServers(applied, desiredState.rkeConfig)
  return applied
}

/** API servers that an `up` has begun to add read the keys as well, and would not be given the new one. */
function refuseBegunServers(applied: ClusterConfig, begun: ClusterConfig = applied): void {
  const known = nodesWithRole(applied.nodes, 'controlplane').map(({ address }) => address)
  const added = nodesWithRole(begun.nodes, 'controlplane').filter(({ address }) => !known.includes(address))
  if (added.length === 0) return
  const names = added.map(({ address }) => address).join(', ')
  throw refused(
    `can't rotate encryption keys: ${names} began to become a control plane node, which is not done`,
    'run "rke up" first, without rotate_encryption_key in cluster.yml',
  )
}

function refused(message: string, hint: string): PlanRefusedError {
  return new PlanRefusedError(message, {
    step: 'plan',
    untouched: true,
    hint,
    key: ['services', 'kubeApi', 'secretsEncryptionConfig'],
  })
}
