import type { ClusterNode } from '../../config/cluster-config.ts'
import { isProviderFile } from '../../desired/encryption/provider-file.ts'
import { prefixed } from '../../desired/paths.ts'
import { mustOverwrite, reconnectsFor, restartsFor } from '../../pki/distribution/deploy.ts'
import type { CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import { certificatePath } from '../../pki/inventory/certificate-names.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import { isUnregistered } from '../kube/node-objects.ts'
import { isNewCluster } from '../model/cluster-view.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import type { Reason } from '../model/reason.ts'
import { shippedTo } from '../state/nodes-left-out.ts'
import { shippedBundle } from '../state/shipped-bundle.ts'
import { inspectContent } from './files/plan-files.ts'

/** A container that must take something up, and why. */
export interface ContainerUse {
  readonly node: string
  readonly container: string
  readonly because: Reason
}

/** What containers that stay as they are must take up. */
export interface Restarts {
  /** Addresses of nodes on which certificate files that are there already are overwritten. */
  readonly forced: ReadonlySet<string>
  readonly restarts: readonly ContainerUse[]
  /** Containers that take a certificate up when they next open a connection as a client, and lose a request by that. */
  readonly reconnects: readonly ContainerUse[]
  /** Those of one node at the same time, where the cluster is down; else one after the other. */
  readonly atOnce?: true
}

/** Containers that are restarted though they are as they should be: they hold something that is not so any more. */
export function planRestarts(basis: PlanBasis): Restarts {
  const { forced, restarts, reconnects } = forcedDeployment(basis)
  return { forced, restarts: [...restarts, ...lateRegistrations(basis), ...otherKeys(basis)], reconnects }
}

/** Certificates that changed in a cluster that exists, and what must therefore be restarted where. */
function forcedDeployment(basis: PlanBasis): Restarts {
  const { wanted, known, options } = basis
  const { state } = known
  const before = shippedBundle(state)
  const after = wanted.material.bundle
  const hasCustomCertificates = options.certificates !== undefined
  const isForced = before !== undefined && (hasCustomCertificates || mustOverwrite({ before, after }))
  const nodesLeftOut = state.currentState.nodesLeftOut?.nodes ?? []
  const steps = wanted.config.nodes.flatMap((node): readonly NodeStep[] => {
    const { address } = node
    const isGiven = isForced || nodesLeftOut.includes(address)
    const given = isGiven ? shippedTo(address, state) : after
    if (isBegun(node, state)) return [{ node, before: withoutOthers(given ?? {}, node, basis) }]
    return isGiven ? [{ node, before: given }] : []
  })
  const onEach = (usesOn: typeof restartsFor): readonly ContainerUse[] =>
    steps.flatMap(({ node, before: had }) =>
      usesOn(node, { before: had, after }).map((use) => ({
        node: node.address,
        container: use.container,
        because: reasonFor(use.certificates, wanted.material.renewed),
      })),
    )
  const forced = new Set(steps.map(({ node }) => node.address))
  return { forced, restarts: onEach(restartsFor), reconnects: onEach(reconnectsFor) }
}

/** A node that gets its certificates by force, and those that it was given last. */
interface NodeStep {
  readonly node: ClusterNode
  readonly before: CertificatesBundle | undefined
}

/** Whether a node is not among those that were applied last, in a cluster where some were: a run may have begun to add it. */
function isBegun({ address }: ClusterNode, { currentState: { rkeConfig } }: ClusterState): boolean {
  return rkeConfig !== undefined && !rkeConfig.nodes.some((one) => one.address === address)
}

/** Those of certificates that a node has: since it was begun they may have been renewed. */
function withoutOthers(
  bundle: CertificatesBundle,
  { address }: ClusterNode,
  { seen, nodes }: PlanBasis,
): CertificatesBundle {
  const files = seen.machines.get(address)?.files
  const desired = nodes.find(({ node }) => node.address === address)
  if (files === undefined || desired === undefined) return bundle
  const others = new Set(
    desired.certificates
      .filter((file) => inspectContent(file, desired, files).some(({ state }) => state === 'different'))
      .map(({ path }) => path),
  )
  const isOther = (name: string): boolean => others.has(prefixed(desired.prefix, certificatePath(name)))
  return Object.fromEntries(Object.entries(bundle).filter(([name]) => !isOther(name)))
}

function reasonFor(names: readonly string[], renewed: ReadonlySet<string> | undefined): Reason {
  const isRenewal = names.every((name) => renewed?.has(name))
  return { kind: isRenewal ? 'certificates-renewed' : 'certificates-changed', names }
}

/** A kubelet registers its node when it starts, and not again: one that is deleted meanwhile stays away. */
function lateRegistrations(basis: PlanBasis): readonly ContainerUse[] {
  if (isNewCluster(basis)) return []
  return basis.wanted.config.nodes
    .filter((node) => isUnregistered(basis, node))
    .map(({ address: node }) => ({ node, container: 'kubelet', because: { kind: 'not-registered' } }))
}

/** An API server reads its provider file when it starts: one whose file was another may still have other keys. */
function otherKeys(basis: PlanBasis): readonly ContainerUse[] {
  if (isNewCluster(basis)) return []
  return basis.nodes.flatMap((desired) => {
    const { address } = desired.node
    const machine = basis.seen.machines.get(address)
    if (machine?.files === undefined || !machine.containers.has('kube-apiserver')) return []
    return desired.files
      .filter(isProviderFile)
      .flatMap((file) => inspectContent(file, desired, machine.files))
      .map(({ state }) => ({
        node: address,
        container: 'kube-apiserver',
        because: { kind: 'encryption-file-was', state },
      }))
  })
}
