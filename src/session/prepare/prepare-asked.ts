import type { ClusterConfig } from '../../config/cluster-config.ts'
import { asksForNewKey } from '../../plan/encryption/key-rotation-request.ts'
import type { Operation } from '../run/redacted-run.ts'
import { StateSession } from '../state/state-session.ts'
import { type KeyRotation, prepareKeyRotation } from './prepare-key-rotation.ts'
import { prepareOffline } from './prepare-offline.ts'

/** What `up` does with a cluster.yml: the exchange of the encryption key that it asks for, and nothing else, as RKE; or all that it says. */
export async function prepareAsked(given: ClusterConfig, operation: Operation): Promise<KeyRotation> {
  if (given.rotateEncryptionKey) {
    const { state } = await StateSession.open(operation.deps.store)
    if (asksForNewKey(given, state)) {
      const text =
        'cluster.yml asks for another encryption key (rotate_encryption_key): this is done by itself, and the rest of the ' +
        'file by the next run'
      operation.emit({ type: 'notice', level: 'info', area: 'encryption', text })
      return prepareKeyRotation(given, operation)
    }
  }
  return { given, offline: await prepareOffline(given, operation) }
}
