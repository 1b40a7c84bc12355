import { type AddonStep, desiredAddons } from '../../addons/desired-addons.ts'
import type { UserManifests } from '../../addons/user-addons.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import { openCatalog } from '../../catalog/open-catalog.ts'
import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import { desiredInput, type Material, nodeImages } from '../../desired/desired-cluster.ts'
import type { DesiredInput } from '../../desired/desired-node.ts'
import type { CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import { refuseDangerousChanges, refuseRotations } from '../../plan/checks/guards.ts'
import { refuseNewWithoutManifests } from '../../plan/checks/left-addons.ts'
import { refuseOtherPlugin } from '../../plan/encryption/encryption-guards.ts'
import { asksForNewKey, configToRotate } from '../../plan/encryption/key-rotation-request.ts'
import { memberImages } from '../../plan/etcd/recreated-members.ts'
import { chosenAddresses } from '../../plan/rollout/chosen-nodes.ts'
import { cleaningImages, leavingNodes, withAccess } from '../../plan/rollout/leaving.ts'
import { endOf } from '../end-of-run.ts'
import type { Operation } from '../run/redacted-run.ts'
import { StateSession } from '../state/state-session.ts'
import { refuseHalfReplacedCa, refuseUnfinished } from '../state/unfinished.ts'
import { type MaterialOptions, makeMaterial } from './make-material.ts'
import { readUserManifests } from './read-user-manifests.ts'

/**
 * All that a run is made from before it asks a machine, each part on its way. Whatever can be refused that early is refused
 * here: `plan` and `up` end with the first refusal, `config validate` lists them all. A part that another one needs fails
 * with the very error of that one.
 */
export interface OfflinePreparation {
  readonly catalog: Catalog
  /** The run exchanges the encryption key, and does nothing else. */
  readonly onlyEncryption?: true
  /** With all secrets filled in. */
  readonly config: Promise<ClusterConfig>
  readonly session: Promise<StateSession>
  /** What is asked for can come after what was applied. */
  readonly changes: Promise<void>
  readonly user: Promise<UserManifests>
  readonly steps: Promise<readonly AddonStep[]>
  /** A new cluster gets all of its add-ons. One that is restored has them in its etcd, and does not ask this. */
  readonly manifests: Promise<void>
  readonly leaving: Promise<readonly ClusterNode[]>
  readonly material: Promise<Material>
  /** The certificates once more, as they are issued at the time of another clock. */
  readonly reissued: (clock: () => Date) => Promise<CertificatesBundle>
  readonly input: Promise<DesiredInput>
  /** Encrypted data can still be read meanwhile. `plan` and `up` check this only once the API answers, and wait until then. */
  readonly encryption: Promise<void>
  /** Images that each node needs, by its address; also those that leave. */
  readonly images: Promise<ReadonlyMap<string, readonly string[]>>
}

export async function prepareOffline(
  given: ClusterConfig,
  { deps, options, emit, fill }: Operation,
  materialOptions: MaterialOptions = {},
): Promise<OfflinePreparation> {
  const catalog = deps.catalog ?? (await openCatalog())
  const config = fill(given)
  const session = StateSession.open(deps.store)
  const changes = session.then(({ state }) => {
    const { currentState } = state
    refuseUnfinished(state)
    refuseHalfReplacedCa(state)
    refuseRotations(given, currentState)
    if (asksForNewKey(given, state)) configToRotate(given, state)
    refuseDangerousChanges(currentState.rkeConfig, given)
    if (options.nodes !== undefined) chosenAddresses(given, currentState.rkeConfig, options.nodes)
  })
  const user = config.then((wanted) => readUserManifests(wanted, deps, endOf(options)))
  const steps = config.then(async (wanted) => desiredAddons(wanted, catalog, await user))
  const manifests = Promise.all([config, session, steps]).then(([wanted, { state }, made]) =>
    refuseNewWithoutManifests(wanted, state.currentState.rkeConfig, made),
  )
  const leaving = config.then(async (wanted) =>
    withAccess(leavingNodes((await session).state, wanted), wanted, fill),
  )
  // Keys take seconds to make: not for what is refused anyway.
  const material = Promise.all([config, session, changes, steps, leaving]).then(([wanted, { state }]) =>
    makeMaterial(wanted, state, deps, { ...options, ...materialOptions }, emit),
  )
  const input = config.then(async (wanted) =>
    desiredInput(wanted, catalog, (await material).encryptionConfig !== undefined),
  )
  const images = config.then(async (wanted) =>
    imagesOfNodes(wanted, (await session).state.currentState.rkeConfig, await leaving, await input),
  )
  const encryption = material.then(async ({ encryptionConfig }) => {
    const { encryptionConfig: current = '' } = (await session).state.currentState
    refuseOtherPlugin(current, encryptionConfig ?? '')
  })
  const parts = {
    ...{ config, session, changes, user, steps, manifests },
    ...{ leaving, material, input, encryption, images },
  }
  // Prevents unhandled rejections: after the first refusal the other parts are not awaited.
  for (const part of Object.values(parts)) part.catch(() => {})
  const reissued = async (clock: () => Date): Promise<CertificatesBundle> => {
    const [wanted, { state }] = [await config, await session]
    const all = { ...options, ...materialOptions }
    return (await makeMaterial(wanted, state, { ...deps, clock }, all, () => {})).bundle
  }
  return { catalog, ...parts, reissued }
}

/** Images that each node needs, by its address; also those that leave. */
export function imagesOfNodes(
  config: ClusterConfig,
  applied: ClusterConfig | undefined,
  leaving: readonly ClusterNode[],
  input: DesiredInput,
): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...config.nodes, ...leaving].map((node) => [
      node.address,
      [
        ...nodeImages(input, node),
        ...memberImages(node, config, applied),
        ...(leaving.includes(node) ? cleaningImages(applied) : []),
      ],
    ]),
  )
}
