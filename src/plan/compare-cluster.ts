import { addonDecision } from '../addons/addon-decision.ts'
import { authorizationObjects } from '../addons/authorization.ts'
import { manifestHash } from '../addons/compare/compare.ts'
import { overStored } from '../addons/compare/over-stored.ts'
import type { AddonStep } from '../addons/desired-addons.ts'
import { MANIFEST_HASH_ANNOTATION } from '../addons/jobs.ts'
import type { ClusterConfig, ClusterNode } from '../config/cluster-config.ts'
import { desiredNodes, type Material } from '../desired/desired-cluster.ts'
import type { DesiredInput } from '../desired/desired-node.ts'
import { isProviderFile } from '../desired/encryption/provider-file.ts'
import { ordinaryLinux } from '../desired/node-facts.ts'
import { CORDONED_ANNOTATION } from '../kube/objects/cordoned.ts'
import { desiredNodePatch } from '../kube/objects/desired-node-patch.ts'
import { findNode } from '../kube/objects/find-node.ts'
import type { KubeNode } from '../kube/objects/kube-object.ts'
import { nodeNameOf } from '../kube/objects/node-name.ts'
import { roleLabel } from '../kube/objects/role-label.ts'
import { sameJson } from '../kube/objects/same-json.ts'
import { fitsSecret } from '../kube/objects/secret-size.ts'
import type { ObservedEtcd } from '../observe/observe-etcd.ts'
import type { ObservedKube } from '../observe/observed-kube.ts'
import type { ObservedNode } from '../observe/observed-node.ts'
import { mustOverwrite, reconnectsFor, restartsFor } from '../pki/distribution/deploy.ts'
import type { CertificatesBundle } from '../pki/encoding/certificate-entry.ts'
import { hasRole } from '../role.ts'
import { Secret } from '../secret.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import { halfStateChanges } from '../state/state-changes.ts'
import { serialiseCopy } from '../state/state-json.ts'
import { joiningMembers } from './etcd/joining-members.ts'
import { unansweredMembers } from './etcd/unanswered-members.ts'
import { appliedDigest } from './kube/applied-digest.ts'
import { reasonWithoutApi } from './kube/reason-without-api.ts'
import type { Reason } from './model/reason.ts'
import type {
  DesiredAddon,
  DesiredNode,
  EncryptionWork,
  ForcedDeployment,
  LeavingNode,
  LostMember,
  NodeChanges,
  PlanInput,
  RolloutSettings,
} from './plan-input.ts'

/** All that was found out, before it is compared. */
export interface Findings {
  readonly config: ClusterConfig
  readonly applied: ClusterConfig | undefined
  readonly state: ClusterState
  readonly input: DesiredInput
  readonly material: Material
  readonly observed: ReadonlyMap<string, ObservedNode>
  readonly kube: ObservedKube | undefined
  /** What the state will say once the plan is done. */
  readonly wanted: ClusterState
  readonly addons: readonly AddonStep[]
  /** Addresses of nodes that could not be reached: nothing is planned for them. */
  readonly skipped: readonly string[]
  readonly checkPorts: boolean
  readonly hasCustomCertificates: boolean
  readonly etcd: ObservedEtcd | undefined
  readonly unhealthyServers: ReadonlySet<string>
  readonly leaving: readonly LeavingNode[]
  readonly stopped: readonly string[]
  readonly wereMembers: ReadonlySet<string>
  readonly lostMembers: readonly LostMember[]
  readonly rollout: RolloutSettings
  readonly encryption: EncryptionWork | undefined
}

/** What the planner compares, from what was found out. Pure. */
export function planInput(findings: Findings): PlanInput {
  const { config, state, input, material, observed, kube, wanted } = findings
  const applied = state.currentState
  const joining =
    findings.etcd === undefined
      ? unansweredMembers(config, applied.rkeConfig, observed)
      : joiningMembers(config, findings.etcd.members, observed, findings.leaving)
  const desired = desiredNodes(input, material)
  const stateChanges = halfStateChanges(applied, wanted.currentState)
  const copy = new Secret(serialiseCopy(wanted))
  const fresh = applied.rkeConfig === undefined
  return {
    config,
    applied: findings.applied,
    half: new Secret(wanted.currentState),
    halfDigest: appliedDigest(wanted.currentState, material.generated),
    fresh,
    rollout: findings.rollout,
    leaving: findings.leaving,
    etcd: findings.etcd,
    unhealthyServers: findings.unhealthyServers,
    stopped: findings.stopped,
    lostMembers: findings.lostMembers,
    wereMembers: findings.wereMembers,
    // Their neighbours' containers name them all the same, so that these need not change twice.
    nodes: config.nodes
      .filter(({ address }) => !findings.skipped.includes(address))
      .map((node) =>
        desired(node, observed.get(node.address)?.facts ?? ordinaryLinux, joining.get(node.address)),
      )
      .map((node) => withoutChangingFile(node, findings)),
    observed,
    kube,
    authorization: authorizationObjects(config),
    encryption: findings.encryption,
    forced: forcedDeployment(
      config,
      applied.certificatesBundle,
      material.bundle,
      findings.hasCustomCertificates,
    ),
    stateChanges,
    // With the state its copy is written anyway.
    stateCopyChanges: stateChanges.length > 0 ? undefined : stateCopyChanges(kube, copy),
    stateCopyFits: fitsSecret(copy),
    cordoned: cordonedByUs(config, kube),
    nodeChanges: nodeChanges(config, applied.rkeConfig, kube),
    unregistered: unregistered(config, kube),
    arriving: arriving(config, applied.rkeConfig, kube),
    losing: losing(findings, applied.rkeConfig),
    addons: findings.addons.map((step) => desiredAddon(step, kube, fresh)),
    checkPorts: findings.checkPorts,
  }
}

/** The provider file that API servers get in the stages of a change of its own is not sent to them beforehand. */
function withoutChangingFile(desired: DesiredNode, { encryption, observed }: Findings): DesiredNode {
  const isServed = observed.get(desired.node.address)?.containers.has('kube-apiserver') === true
  if (!isServed || encryption === undefined || encryption.before.length === 0) return desired
  return { ...desired, files: desired.files.filter((file) => !isProviderFile(file)) }
}

function forcedDeployment(
  config: ClusterConfig,
  before: CertificatesBundle | undefined,
  after: CertificatesBundle,
  hasCustomCertificates: boolean,
): ForcedDeployment | undefined {
  if (before === undefined) return undefined
  if (!mustOverwrite({ before, after, isRotation: false, hasCustomCertificates })) return undefined
  const onEach = (usesOn: typeof restartsFor): ForcedDeployment['restarts'] =>
    config.nodes.flatMap((node) =>
      usesOn(node, { before, after }).map((use) => ({
        node: node.address,
        container: use.container,
        because: { kind: 'certificates-changed', names: use.certificates },
      })),
    )
  return { restarts: onEach(restartsFor), reconnects: onEach(reconnectsFor) }
}

function stateCopyChanges(kube: ObservedKube | undefined, copy: Secret<string>): Reason | undefined {
  if (kube === undefined) return undefined
  if (kube.stateCopy === undefined) return { kind: 'state-copy-missing' }
  return sameJson(kube.stateCopy.reveal(), copy.reveal()) ? undefined : { kind: 'state-copy-different' }
}

function nodeChanges(
  config: ClusterConfig,
  applied: ClusterConfig | undefined,
  kube: ObservedKube | undefined,
): ReadonlyMap<string, NodeChanges> {
  if (kube === undefined) return new Map()
  return new Map(
    config.nodes.map((node) => {
      const kubeNode = kubeNodeOf(node, config, kube)
      if (kubeNode === undefined) {
        const because: readonly Reason[] = [{ kind: 'not-registered' }]
        return [node.address, { asItIs: because, deployed: because }]
      }
      const previous = applied?.nodes.find(({ address }) => address === node.address)
      const because = (workerDeployed: boolean): readonly Reason[] =>
        desiredNodePatch({ node, kubeNode, workerDeployed, ...(previous && { previous }) }).because
      return [node.address, { asItIs: because(false), deployed: because(true) }]
    }),
  )
}

function unregistered(config: ClusterConfig, kube: ObservedKube | undefined): ReadonlySet<string> {
  if (kube === undefined) return new Set()
  const missing = config.nodes.filter((node) => kubeNodeOf(node, config, kube) === undefined)
  return new Set(missing.map(({ address }) => address))
}

function arriving(
  config: ClusterConfig,
  applied: ClusterConfig | undefined,
  kube: ObservedKube | undefined,
): ReadonlySet<string> {
  const isKnown = ({ address }: ClusterNode): boolean =>
    applied?.nodes.some((node) => node.address === address) === true
  const isReady = (node: ClusterNode): boolean =>
    kube !== undefined && kubeNodeOf(node, config, kube)?.ready === true
  const found = config.nodes.filter((node) => !isKnown(node) && !isReady(node))
  return new Set(found.map(({ address }) => address))
}

/** The label is there until the role has been taken away. On a machine that was wiped nothing serves. */
function losing(
  { config, observed, kube }: Findings,
  applied: ClusterConfig | undefined,
): ReadonlySet<string> {
  const wasWorker = ({ address }: ClusterNode): boolean =>
    applied?.nodes.some((node) => node.address === address && hasRole(node, 'worker')) === true
  const isLabelled = (node: ClusterNode): boolean =>
    kube !== undefined && roleLabel('worker') in (kubeNodeOf(node, config, kube)?.labels ?? {})
  const serves = ({ address }: ClusterNode): boolean => (observed.get(address)?.containers.size ?? 0) > 0
  const found = config.nodes.filter(
    (node) => !hasRole(node, 'worker') && wasWorker(node) && isLabelled(node) && serves(node),
  )
  return new Set(found.map(({ address }) => address))
}

function kubeNodeOf(node: ClusterNode, config: ClusterConfig, { nodes }: ObservedKube): KubeNode | undefined {
  return findNode(nodes, nodeNameOf(node, config))
}

/** Nodes that a run which did not come to its end left out of scheduling. */
function cordonedByUs(config: ClusterConfig, kube: ObservedKube | undefined): ReadonlySet<string> {
  if (kube === undefined) return new Set()
  const cordoned = config.nodes.filter(
    (node) => kubeNodeOf(node, config, kube)?.annotations[CORDONED_ANNOTATION] !== undefined,
  )
  return new Set(cordoned.map(({ address }) => address))
}

function desiredAddon(step: AddonStep, kube: ObservedKube | undefined, fresh: boolean): DesiredAddon {
  const installed = kube?.addons.get(step.name)
  const wanted = step.kind === 'deploy' ? overStored(installed?.stored, step) : undefined
  const desired = wanted?.manifest
  const digest = desired === undefined ? '' : manifestHash(desired)
  if (installed === undefined) {
    const because = desired === undefined ? [] : [reasonWithoutApi(fresh)]
    return { step, digest, action: desired === undefined ? 'none' : 'apply', because }
  }
  const { stored, job, jobAnnotations } = installed
  const jobHash = jobAnnotations[MANIFEST_HASH_ANNOTATION]
  const differences = step.kind === 'deploy' ? [...step.differences, ...(wanted?.differences ?? [])] : []
  const { action, because } = addonDecision({ stored, job, jobHash }, desired, { digest, differences })
  return { step, digest, because, action: action === 'delete' ? 'remove' : action }
}
