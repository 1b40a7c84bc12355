import type { DesiredNode } from '../../desired/desired-node.ts'
import { providerFile } from '../../desired/encryption/provider-file.ts'
import { prefixed } from '../../desired/paths.ts'
import { KUBERNETES_FOLDER } from '../../node-paths.ts'
import { hasRole } from '../../role.ts'
import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import type { EncryptionStage } from './decide-encryption.ts'

export interface EncryptionPlan {
  /** Before components are changed. */
  readonly before: readonly Action[]
  /** After those of control plane nodes were. */
  readonly after: readonly Action[]
}

/**
 * The change of how Secrets are encrypted, in the order in which it must be made: each stage on one control plane node
 * after the other, each API server healthy before the next, so that all but one serve all the time.
 */
export function planEncryption(basis: PlanBasis): EncryptionPlan {
  const { work } = basis.encryption
  if (work === undefined) return { before: [], after: [] }
  const controlPlane = basis.nodes.filter(({ node }) => hasRole(node, 'controlplane'))
  const serving = controlPlane.filter(({ node }) => carriesApiServer(basis, node.address))
  const removals = work.removesFile ? controlPlane.map(planFileRemoval) : []
  return {
    before: work.before.flatMap((stage, index) => planStage(stage, index + 1, serving)),
    after: [...work.after.flatMap((stage, index) => planStage(stage, index + 1, controlPlane)), ...removals],
  }
}

/** Actions of an encryption change that must be done before it counts as applied. */
export function encryptionIds(actions: readonly Action[]): readonly string[] {
  const kinds: ReadonlySet<string> = new Set(['encryption.record', 'secrets.rewrite', 'files.remove'])
  return actions
    .filter(({ kind, id }) => kinds.has(kind) || (kind === 'service.health' && id.includes('/encryption/')))
    .map(({ id }) => id)
}

function carriesApiServer({ seen }: PlanBasis, address: string): boolean {
  return seen.machines.get(address)?.containers.has('kube-apiserver') === true
}

function planStage(
  stage: EncryptionStage,
  number: number,
  controlPlane: readonly DesiredNode[],
): readonly Action[] {
  if (stage === 'rewrite') {
    return [
      {
        kind: 'secrets.rewrite',
        id: ids.encryption(number),
        because: [{ kind: 'secrets-stored-as-before' }],
        after: [],
      },
    ]
  }
  const record: Action = {
    kind: 'encryption.record',
    id: ids.encryption(number),
    text: stage.text,
    generated: stage.generated,
    because: [stage.because],
    after: [],
  }
  return [record, ...controlPlane.flatMap((node) => planDeployment(node, stage, number))]
}

/** An API server reads its provider file when it starts, and not again. */
function planDeployment(
  { node, prefix, helperImage, containers }: DesiredNode,
  { text, generated, because }: Exclude<EncryptionStage, 'rewrite'>,
  number: number,
): readonly Action[] {
  const { address } = node
  const check = containers.find(({ name }) => name === 'kube-apiserver')?.health
  const file = providerFile(prefix, text.reveal())
  const base = { node: address, because: [because], after: [] }
  return [
    {
      kind: 'files.upload',
      id: ids.encryptionPart(address, number, 'file'),
      ...base,
      because: [{ kind: 'files', state: 'changed', paths: [file.path] }, because],
      // One helper of that name at a time.
      after: [ids.image(address, helperImage), ids.files(address), ids.access(address)],
      image: helperImage,
      folder: prefixed(prefix, KUBERNETES_FOLDER),
      files: [{ ...file, ...(generated && { generated }) }],
    },
    {
      kind: 'container.restart',
      id: ids.encryptionPart(address, number, 'kube-apiserver'),
      ...base,
      name: 'kube-apiserver',
    },
    ...(check === undefined
      ? []
      : [
          {
            kind: 'service.health',
            id: ids.encryptionPart(address, number, 'health'),
            node: address,
            name: 'kube-apiserver',
            check,
            because: [{ kind: 'restarted-in-this-run' }],
            after: [],
            interruptible: true,
          } as const,
        ]),
  ]
}

function planFileRemoval({ node: { address }, prefix, helperImage }: DesiredNode): Action {
  return {
    kind: 'files.remove',
    id: ids.encryptionPart(address, 0, 'file'),
    node: address,
    image: helperImage,
    folder: prefixed(prefix, KUBERNETES_FOLDER),
    paths: [providerFile(prefix, '').path],
    because: [{ kind: 'encryption-off' }],
    after: [
      ids.image(address, helperImage),
      ids.files(address),
      ids.access(address),
      ids.container(address, 'kube-apiserver'),
      ids.health(address, 'kube-apiserver'),
    ],
  }
}
