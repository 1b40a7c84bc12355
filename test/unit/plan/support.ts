import { createHash } from 'node:crypto'
import type { ClusterConfig, ClusterNode } from '../../../src/config/cluster-config.ts'
import type { ContainerSpec } from '../../../src/desired/container-spec.ts'
import { desiredInput } from '../../../src/desired/desired-cluster.ts'
import type { DesiredNode } from '../../../src/desired/desired-node.ts'
import { ordinaryLinux } from '../../../src/desired/node-facts.ts'
import type { NodePatch } from '../../../src/kube/client/kube-api.ts'
import { desiredNodePatch } from '../../../src/kube/objects/desired-node-patch.ts'
import type { KubeNode } from '../../../src/kube/objects/kube-object.ts'
import type { ImageInspect } from '../../../src/node/docker/docker-types.ts'
import { type ObservedContainer, observedContainer } from '../../../src/observe/observed-container.ts'
import type { ObservedFile, ObservedNode } from '../../../src/observe/observed-node.ts'
import { kubeNodesOf } from '../../../src/plan/kube/node-objects.ts'
import type { SeenCluster } from '../../../src/plan/model/cluster-view.ts'
import type { Plan } from '../../../src/plan/model/plan.ts'
import type { PlanBasis } from '../../../src/plan/model/plan-basis.ts'
import type { RolloutSettings } from '../../../src/plan/rollout/rollout-settings.ts'
import { reasonText } from '../../../src/reason-text.ts'
import { Secret } from '../../../src/secret.ts'
import type { ClusterState, HalfState } from '../../../src/state/cluster-state.ts'
import { serialiseCopy } from '../../../src/state/state-json.ts'
import { bundle, catalog, config, desiredNodes } from '../fixture.ts'

const image: ImageInspect = {
  Id: 'sha256:1',
  RepoTags: [],
  Config: { Entrypoint: null, Cmd: null, Env: ['PATH=/bin'] },
}

/** What Docker says of a container that was made as `spec` wants it. */
export function inspectOf(spec: ContainerSpec): ObservedContainer {
  return observedContainer({
    Id: `id-of-${spec.name}`,
    Name: `/${spec.name}`,
    Image: 'sha256:1',
    Created: '2026-01-01T00:00:00Z',
    LogPath: '',
    RestartCount: 0,
    State: {
      Status: spec.createdOnly ? 'created' : 'running',
      Running: !spec.createdOnly,
      Restarting: false,
      ExitCode: 0,
      Error: '',
      StartedAt: '',
      FinishedAt: '',
    },
    Config: {
      Image: spec.image,
      Entrypoint: spec.command.length > 0 ? spec.command : null,
      Cmd: spec.args.length > 0 ? spec.args : null,
      Env: [...spec.env, 'PATH=/bin'],
      Labels: spec.labels,
    },
    HostConfig: { Binds: spec.binds, SecurityOpt: spec.privileged ? ['label=disable'] : null },
    Mounts: [],
  })
}

function filesOf(desired: DesiredNode): ReadonlyMap<string, ObservedFile> {
  return new Map(
    [...desired.files, ...desired.certificates].map(({ path, mode, content }) => {
      const text = content.reveal()
      const sha256 = createHash('sha256').update(text).digest('hex')
      return [path, { mode, uid: 0, gid: 0, size: text.length, sha256, certificate: 'whole' }]
    }),
  )
}

/** A node on which everything is as wanted. */
export function healthyNode(desired: DesiredNode): ObservedNode {
  return {
    address: desired.node.address,
    facts: ordinaryLinux,
    dockerVersion: '20.10.24',
    containers: new Map(desired.containers.map((spec) => [spec.name, inspectOf(spec)])),
    all: desired.containers.map(({ name, image: reference, labels }) => ({
      id: `id-of-${name}`,
      names: [name],
      state: 'running',
      image: reference,
      labels,
      created: 0,
    })),
    images: new Map(desired.images.map((reference) => [reference, image])),
    files: filesOf(desired),
    folders: new Map([['/etc/kubernetes/ssl', { mode: 0o755, uid: 0, gid: 0 }]]),
    etcdDataMode: desired.containers.some(({ name }) => name === 'etcd') ? 0o700 : undefined,
  }
}

/** A machine that Docker was just installed on. */
export function emptyNode(desired: DesiredNode): ObservedNode {
  return {
    ...healthyNode(desired),
    containers: new Map(),
    all: [],
    images: new Map(),
    files: undefined,
    folders: new Map(),
    etcdDataMode: undefined,
  }
}

/** A Node object that says what a node of cluster.yml should. */
function kubeNodeOf(node: ClusterNode): KubeNode {
  const bare: KubeNode = {
    name: node.hostnameOverride,
    labels: { 'kubernetes.io/hostname': node.hostnameOverride },
    annotations: {},
    taints: [],
    ready: true,
    heartbeat: undefined,
    unschedulable: false,
    addresses: [],
    kubeletVersion: 'v1.30.4',
    resourceVersion: '1',
  }
  const { patch } = desiredNodePatch({ node, kubeNode: bare, workerDeployed: true })
  const given = (values: NodePatch['labels'] = {}): Record<string, string> =>
    Object.fromEntries(
      Object.entries(values).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
    )
  return {
    ...bare,
    labels: { ...bare.labels, ...given(patch?.labels) },
    annotations: given(patch?.annotations),
    taints: patch?.taints ?? [],
  }
}

const half: HalfState = { rkeConfig: config, certificatesBundle: bundle }
const applied: ClusterState = { currentState: half, desiredState: half }
const stateCopy = new Secret(serialiseCopy(applied))
const settings: RolloutSettings = {
  maxUnavailableControlPlane: 1,
  maxUnavailableWorkers: 1,
  drain: undefined,
  drainLeaving: undefined,
}

/** The recorded cluster with nothing to do; a test changes what it is about. */
export function quiet(changes: Partial<PlanBasis> = {}): PlanBasis {
  const kube = {
    version: 'v1.30.4',
    nodes: config.nodes.map(kubeNodeOf),
    authorization: [],
    stateCopy,
    addons: new Map(),
  }
  return {
    wanted: {
      config,
      given: config,
      catalog,
      input: desiredInput(config, catalog, false),
      material: { bundle, generated: new Set(), encryptionConfig: undefined, encryptionGenerated: false },
      addons: [],
    },
    known: { state: applied, hasState: true, leaving: [] },
    seen: {
      machines: new Map(desiredNodes.map((desired) => [desired.node.address, healthyNode(desired)])),
      unreachable: [],
      etcd: undefined,
      kube,
      unhealthyServers: new Set(),
    },
    options: {},
    scope: { postponed: { nodes: [], leaving: [] }, held: [], skipped: [], leaving: [], remaining: [] },
    encryption: { work: undefined, between: '', begun: {}, done: {} },
    states: { begun: applied, done: applied },
    nodes: desiredNodes,
    leaving: [],
    kubeNodes: kubeNodesOf(config, kube),
    rollout: settings,
    ...changes,
  }
}

/** The same cluster, of which something else was seen. */
export function seeing(basis: PlanBasis, seen: Partial<SeenCluster>): PlanBasis {
  const all = { ...basis.seen, ...seen }
  return { ...basis, seen: all, kubeNodes: kubeNodesOf(basis.wanted.config, all.kube) }
}

/** The same cluster, with another machine at an address. */
export function withMachine(basis: PlanBasis, machine: ObservedNode): PlanBasis {
  return seeing(basis, { machines: new Map(basis.seen.machines).set(machine.address, machine) })
}

/** The same cluster, whose Node objects all say what its nodes should. */
export function registered(basis: PlanBasis): PlanBasis {
  return withKubeNodes(
    basis,
    basis.nodes.map(({ node }) => kubeNodeOf(node)),
  )
}

/** The same cluster with another Node object of one node; or without it, if it becomes nothing. */
export function withKubeNode(
  basis: PlanBasis,
  address: string,
  change: (node: KubeNode) => Partial<KubeNode> | undefined,
): PlanBasis {
  const found = basis.kubeNodes.get(address)
  const nodes = (basis.seen.kube?.nodes ?? []).flatMap((node) => {
    const changed = node === found ? change(node) : {}
    return changed === undefined ? [] : [{ ...node, ...changed }]
  })
  return withKubeNodes(basis, nodes)
}

function withKubeNodes(basis: PlanBasis, nodes: readonly KubeNode[]): PlanBasis {
  const { kube } = basis.seen
  return kube === undefined ? basis : seeing(basis, { kube: { ...kube, nodes } })
}

/** The same cluster, to which another configuration was applied. */
export function appliedTo(basis: PlanBasis, rkeConfig: ClusterConfig): PlanBasis {
  const state = { ...basis.known.state, currentState: { ...half, rkeConfig } }
  return { ...basis, known: { ...basis.known, state } }
}

/** The same cluster, to be recorded as another one than it was. */
export function recordedAnew(basis: PlanBasis): PlanBasis {
  const rkeConfig = { ...config, clusterName: 'before' }
  return {
    ...basis,
    states: { ...basis.states, begun: { ...applied, currentState: { ...half, rkeConfig } } },
  }
}

/** The same cluster, with parts of certificates that are other ones than those it runs with. */
export function renewing(
  basis: PlanBasis,
  names: readonly string[],
  parts: readonly ('certificatePEM' | 'keyPEM')[],
): PlanBasis {
  const before = names.map((name) => {
    const entry = bundle[name]
    if (entry === undefined) throw new TypeError(`no certificate ${name}`)
    return [name, { ...entry, ...Object.fromEntries(parts.map((part) => [part, 'before'])) }] as const
  })
  const certificatesBundle = { ...bundle, ...Object.fromEntries(before) }
  const state = { ...basis.known.state, currentState: { ...half, certificatesBundle } }
  return { ...basis, known: { ...basis.known, state } }
}

/** The quiet cluster with one node changed. */
export function withNode(address: string, change: (node: ObservedNode) => Partial<ObservedNode>): PlanBasis {
  const basis = quiet()
  const node = basis.seen.machines.get(address)
  if (node === undefined) throw new TypeError(`no node ${address}`)
  return withMachine(basis, { ...node, ...change(node) })
}

/** A plan as a text for golden files: what waits for what, and why it is done. */
export function planText({ actions }: Plan): string {
  const held = new Set(actions.map(({ id }) => id))
  return actions
    .map(({ id, kind, because, after }) => {
      const waits = [...new Set(after.filter((other) => held.has(other)))].sort()
      return [
        `${kind} ${id}`,
        `    because ${because.map(reasonText).join('; ')}`,
        ...waits.map((other) => `    after ${other}`),
      ].join('\n')
    })
    .join('\n')
    .concat('\n')
}
