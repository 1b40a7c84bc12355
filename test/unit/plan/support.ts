import { createHash } from 'node:crypto'
import type { AddonName } from '../../../src/addons/addon-names.ts'
import type { AddonStep } from '../../../src/addons/desired-addons.ts'
import type { ContainerSpec } from '../../../src/desired/container-spec.ts'
import { ordinaryLinux } from '../../../src/desired/node-facts.ts'
import type { ContainerInspect, ImageInspect } from '../../../src/node/docker/docker-types.ts'
import type { ObservedFile, ObservedNode } from '../../../src/observe/observed-node.ts'
import type { Plan } from '../../../src/plan/model/plan.ts'
import type { Reason } from '../../../src/plan/model/reason.ts'
import type { DesiredNode, NodeChanges, PlanInput } from '../../../src/plan/plan-input.ts'
import { reasonText } from '../../../src/reason-text.ts'
import { Secret } from '../../../src/secret.ts'
import { config, desiredNodes } from '../fixture.ts'

const image: ImageInspect = {
  Id: 'sha256:1',
  RepoTags: [],
  Config: { Entrypoint: null, Cmd: null, Env: ['PATH=/bin'] },
}

/** What Docker says of a container that was made as `spec` wants it. */
export function inspectOf(spec: ContainerSpec): ContainerInspect {
  return {
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
  }
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

/** An addon that is to be deployed after others. */
export const deployStep = (name: AddonName, after: readonly AddonName[]): AddonStep => ({
  addon: 'network',
  name,
  kind: 'deploy',
  manifest: `# ${name}`,
  optional: false,
  after,
  warnings: [],
  differences: [],
  keepsRest: false,
  deleteBefore: [],
  deleteAfter: [],
  settings: [],
})

/** The recorded cluster with nothing to do; a test changes what it is about. */
export function quiet(changes: Partial<PlanInput> = {}): PlanInput {
  return {
    config,
    applied: config,
    half: new Secret({ rkeConfig: config }),
    halfDigest: 'of the state',
    fresh: false,
    rollout: {
      maxUnavailableControlPlane: 1,
      maxUnavailableWorkers: 1,
      drain: undefined,
      drainLeaving: undefined,
    },
    leaving: [],
    etcd: undefined,
    unhealthyServers: new Set(),
    wereMembers: new Set(),
    stopped: [],
    lostMembers: [],
    nodes: desiredNodes,
    observed: new Map(desiredNodes.map((desired) => [desired.node.address, healthyNode(desired)])),
    kube: {
      version: 'v1.30.4',
      nodes: [],
      authorization: [],
      stateCopy: undefined,
      addons: new Map(),
    },
    authorization: [],
    forced: undefined,
    encryption: undefined,
    cordoned: new Set(),
    stateChanges: [],
    stateCopyChanges: undefined,
    stateCopyFits: true,
    nodeChanges: new Map(),
    unregistered: new Set(),
    arriving: new Set(),
    losing: new Set(),
    addons: [],
    checkPorts: true,
    ...changes,
  }
}

/** Changes of a Node that must be made whatever else is done. */
export const becauseOf = (...because: readonly Reason[]): NodeChanges => ({
  asItIs: because,
  deployed: because,
})

/** The quiet cluster with one node changed. */
export function withNode(address: string, change: (node: ObservedNode) => Partial<ObservedNode>): PlanInput {
  const input = quiet()
  const node = input.observed.get(address)
  if (node === undefined) throw new TypeError(`no node ${address}`)
  return { ...input, observed: new Map(input.observed).set(address, { ...node, ...change(node) }) }
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
