import type { DesiredNode } from '../../desired/desired-node.ts'
import { providerFile } from '../../desired/encryption/provider-file.ts'
import { prefixed } from '../../desired/paths.ts'
import { KUBERNETES_FOLDER } from '../../node-paths.ts'
import { hasRole } from '../../role.ts'
import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import { planStages, type Stage, type StagedChange } from '../staged/staged-change.ts'
import type { EncryptionStage } from './decide-encryption.ts'

const SERVER = 'kube-apiserver'

/** The stages of a change of how Secrets are encrypted that come before components are changed. */
export function planEncryptionBefore(basis: PlanBasis, after: readonly string[]): readonly Action[] {
  const serving = controlPlane(basis).filter(({ node: { address } }) =>
    basis.seen.machines.get(address)?.containers.has(SERVER),
  )
  return planStages(changeOf(basis.encryption.work?.before ?? [], serving), after)
}

/** The stages that come after those of control plane nodes were changed. */
export function planEncryptionAfter(basis: PlanBasis, after: readonly string[]): readonly Action[] {
  const { work } = basis.encryption
  const nodes = controlPlane(basis)
  const last = work?.removesFile ? nodes.map(planFileRemoval) : []
  return planStages({ ...changeOf(work?.after ?? [], nodes), last }, after)
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

function changeOf(stages: readonly EncryptionStage[], nodes: readonly DesiredNode[]): StagedChange {
  return { name: 'encryption', stages: stages.map((stage) => stageOf(stage, nodes)) }
}

/** An API server reads its provider file when it starts, and not again. */
function stageOf(stage: EncryptionStage, nodes: readonly DesiredNode[]): Stage {
  if (stage === 'rewrite') {
    return { because: { kind: 'secrets-stored-as-before' }, first: { kind: 'secrets.rewrite' }, turns: [] }
  }
  const { text, generated, because } = stage
  return {
    because,
    first: { kind: 'encryption.record', text, generated },
    turns: nodes.map((desired) => ({
      desired,
      files: [{ ...providerFile(desired.prefix, text.reveal()), ...(generated && { generated }) }],
      restarts: [SERVER],
    })),
  }
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
