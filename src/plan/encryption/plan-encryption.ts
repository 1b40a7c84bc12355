import type { DesiredNode } from '../../desired/desired-node.ts'
import { providerFile } from '../../desired/encryption/provider-file.ts'
import { prefixed } from '../../desired/paths.ts'
import { isKeptAmong } from '../../kube/objects/etcd-folder.ts'
import { covers } from '../../kube/objects/resource-names.ts'
import { KUBERNETES_FOLDER } from '../../node-paths.ts'
import { hasRole } from '../../role.ts'
import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import { planStages, type Stage, type StagedChange } from '../staged/staged-change.ts'
import { apiStorage } from './api-storage.ts'
import type { EncryptionStage } from './decide-encryption.ts'

const SERVER = 'kube-apiserver'

/** The stages of a change of how Secrets are encrypted that come before components are changed. */
export function planEncryptionBefore(basis: PlanBasis, after: readonly string[]): readonly Action[] {
  const serving = controlPlane(basis).filter(({ node: { address } }) =>
    basis.seen.machines.get(address)?.containers.has(SERVER),
  )
  return planStages(changeOf(basis, basis.encryption.work?.before ?? [], serving), after)
}

/** The stages that come after those of control plane nodes were changed. */
export function planEncryptionAfter(basis: PlanBasis, after: readonly string[]): readonly Action[] {
  const { work } = basis.encryption
  const nodes = controlPlane(basis)
  const last = work?.removesFile ? nodes.map(planFileRemoval) : []
  return planStages({ ...changeOf(basis, work?.after ?? [], nodes), last }, after)
}

/** Ids of a change of encryption that must be done before it counts as applied. */
export function encryptionIds(basis: PlanBasis): readonly string[] {
  return [...planEncryptionBefore(basis, []), ...planEncryptionAfter(basis, [])]
    .filter(({ kind }) => kind !== 'files.upload' && kind !== 'container.restart')
    .map(({ id }) => id)
}

function controlPlane({ nodes }: PlanBasis): readonly DesiredNode[] {
  return nodes.filter(({ node }) => hasRole(node, 'controlplane'))
}

function changeOf(
  basis: PlanBasis,
  stages: readonly EncryptionStage[],
  nodes: readonly DesiredNode[],
): StagedChange {
  return { name: 'encryption', stages: stages.flatMap((stage) => stagesOf(stage, basis, nodes)) }
}

/** An API server reads its provider file when it starts, and not again. */
function stagesOf(stage: EncryptionStage, basis: PlanBasis, nodes: readonly DesiredNode[]): readonly Stage[] {
  if (stage === 'rewrite') return rewriting(basis)
  const { text, generated, because } = stage
  return [
    {
      because,
      first: { kind: 'encryption.record', text, generated },
      turns: nodes.map((desired) => ({
        desired,
        files: [{ ...providerFile(desired.prefix, text.reveal()), ...(generated && { generated }) }],
        restarts: [SERVER],
      })),
    },
  ]
}

/** Everything is written anew, and seen to be, while the keys are still there that it could be read with otherwise. */
function rewriting(basis: PlanBasis): readonly Stage[] {
  const { encryption, nodes, seen } = basis
  const { resources = [] } = encryption.work ?? {}
  const because = { kind: 'secrets-stored-as-before' } as const
  const rewrite: Stage = { because, first: { kind: 'encryption.rewrite', resources }, turns: [] }
  // etcd of the user's own cannot be asked.
  if (seen.etcd === undefined) return [rewrite]
  const elsewhere = unseenResources(basis)
  if (resources.every(({ resource }) => isKeptAmong(elsewhere, resource))) return [rewrite]
  const { prefix } = apiStorage(nodes)
  const verify = {
    kind: 'encryption.verify',
    resources,
    members: seen.etcd.healthy,
    prefix,
    elsewhere,
  } as const
  return [rewrite, { because: { kind: 'nothing-else-reads-them' }, first: verify, turns: [] }]
}

/** Resources that are written anew, and are in another etcd than the cluster's, which cannot be asked how they are stored. */
export function unseenResources({ encryption, nodes, seen }: PlanBasis): readonly string[] {
  const { before = [], after = [], resources = [] } = encryption.work ?? {}
  if (![...before, ...after].includes('rewrite') || seen.etcd === undefined) return []
  const names = resources.map(({ resource }) => resource)
  return apiStorage(nodes).elsewhere.filter((one) => isKeptAmong(names, one) || covers(names, one))
}

function planFileRemoval({ node: { address }, prefix, helperImage }: DesiredNode): Action {
  return {
    kind: 'files.remove',
    id: ids.stagePart(address, 'encryption', 0, 'file'),
    node: address,
    image: helperImage,
    folder: prefixed(prefix, KUBERNETES_FOLDER),
    paths: [providerFile(prefix, '').path],
    because: [{ kind: 'encryption-off' }],
    after: [
      ids.image(address, helperImage),
      ids.files(address),
      ids.access(address),
      ids.container(address, SERVER),
      ids.health(address, SERVER),
    ],
  }
}
