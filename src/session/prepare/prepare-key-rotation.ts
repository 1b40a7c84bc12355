import { randomBytes } from 'node:crypto'
import { userManifests } from '../../addons/user-addons.ts'
import { openCatalog } from '../../catalog/open-catalog.ts'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import { withLoginsOf } from '../../config/with-logins.ts'
import { withoutNodes } from '../../config/without-nodes.ts'
import { desiredInput, type Material, nodeImages } from '../../desired/desired-cluster.ts'
import { type EncryptionKey, newEncryptionKey } from '../../desired/encryption/managed-texts.ts'
import { nextKeyText } from '../../desired/encryption/next-key.ts'
import { configToRotate } from '../../plan/encryption/key-rotation-request.ts'
import { hasRole } from '../../role.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import type { Operation } from '../run/redacted-run.ts'
import { StateSession } from '../state/state-session.ts'
import { refuseHalfReplacedCa, refuseUnfinished } from '../state/unfinished.ts'
import type { OfflinePreparation } from './prepare-offline.ts'

/** What a run is made from that exchanges the encryption key. */
export interface KeyRotation {
  readonly offline: OfflinePreparation
  /** What the state says was applied, in the end. */
  readonly given: ClusterConfig
}

/**
 * Everything as it was applied last, with its certificates, and another encryption key. Machines are reached as cluster.yml says;
 * those without etcd and control plane are not needed.
 * @param asked cluster.yml
 */
export async function prepareKeyRotation(
  asked: ClusterConfig,
  { deps, fill }: Pick<Operation, 'deps' | 'fill'>,
): Promise<KeyRotation> {
  const catalog = deps.catalog ?? (await openCatalog())
  const session = await StateSession.open(deps.store)
  const { state } = session
  refuseUnfinished(state)
  refuseHalfReplacedCa(state)
  const applied = configToRotate(asked, state)
  const workers = applied.nodes.filter((node) => !hasRole(node, 'controlplane') && !hasRole(node, 'etcd'))
  const others = workers.map(({ address }) => address)
  const config = await fill(withoutNodes(withLoginsOf(applied, asked), others))
  const input = desiredInput(config, catalog, true)
  const material = materialOf(state)
  return {
    // The request counts as done, whoever made it.
    given: { ...applied, rotateEncryptionKey: asked.rotateEncryptionKey },
    offline: {
      catalog,
      onlyEncryption: true,
      config: Promise.resolve(config),
      session: Promise.resolve(session),
      changes: Promise.resolve(),
      manifests: Promise.resolve(),
      user: Promise.resolve(userManifests('', [])),
      steps: Promise.resolve([]),
      leaving: Promise.resolve([]),
      material: Promise.resolve(material),
      reissued: async () => material.bundle,
      input: Promise.resolve(input),
      encryption: Promise.resolve(),
      images: Promise.resolve(new Map(config.nodes.map((node) => [node.address, nodeImages(input, node)]))),
    },
  }
}

function materialOf({ currentState, desiredState }: ClusterState): Material {
  const { encryptionConfig: current = '', encryptionRewritePending: pending = false } = currentState
  let encryptionGenerated = false
  const newKey = (): EncryptionKey => {
    encryptionGenerated = true
    return newEncryptionKey(randomBytes)
  }
  const encryptionConfig = nextKeyText({ current, pending, desired: desiredState.encryptionConfig }, newKey)
  return {
    bundle: currentState.certificatesBundle ?? {},
    generated: new Set(),
    encryptionConfig,
    encryptionGenerated,
  }
}
