import {
  type Condition,
  type ConfigMap,
  type Job,
  type KubeObject,
  refOf,
  type Taint,
} from '../../src/kube/objects/kube-object.ts'
import type { NodeObject } from '../../src/kube/objects/to-kube-node.ts'
import { stepDeployments } from './deployments.ts'
import { isRecord } from './http.ts'
import type { KubeStore } from './kube-store.ts'
import { loseReadiness, stepPods } from './kubelet-pods.ts'
import { publishTrust } from './published-trust.ts'
import { schedule, strandedPods } from './scheduler.ts'
import type { SimMachine } from './sim-machine.ts'
import type { SimWorld } from './sim-world.ts'
import { isSignedBy } from './trust.ts'

const NETWORK_JOB = 'rke-network-plugin-deploy-job'

/** What kubelets and controllers of all clusters do next, one step at a time. */
export function reconcile(world: SimWorld): void {
  const led = new Set<KubeStore>()
  for (const machine of world.machines) {
    const store = apiFor(machine)
    if (store === undefined) continue
    if (machine.kubelet !== undefined) registerNode(machine, store)
    stepPods(machine, store)
    if (!machine.controllers) continue
    if (!led.has(store)) publishTrust(store, machine)
    led.add(store)
    makeAccounts(store)
    collectGarbage(store)
    loseReadiness(world, store)
    stepDeployments(store)
    schedule(store)
    for (const job of store.list('batch/v1', 'Job')) stepJob(world, store, job)
  }
}

/** The objects as a machine's components reach them: by its own API server or its proxy. */
function apiFor(machine: SimMachine): KubeStore | undefined {
  const server = machine.apiServers().find(({ store }) => store() !== undefined)
  if (server === undefined) return undefined
  const { kubelet } = machine
  const trusted =
    kubelet === undefined ||
    (isSignedBy(kubelet.certificate, server.authority) && isSignedBy(server.certificate, kubelet.authority))
  return trusted ? server.store() : undefined
}

function registerNode(machine: SimMachine, store: KubeStore): void {
  const { kubelet } = machine
  if (kubelet === undefined) return
  const name = kubelet.name.toLowerCase()
  const networked = machine.hasNetwork && jobIsComplete(store.get(jobRef(NETWORK_JOB)))
  const found = store.get<NodeObject>({ apiVersion: 'v1', kind: 'Node', name })
  const before = wasReady(found?.status?.conditions)
  const status = {
    addresses: [
      { type: 'InternalIP', address: machine.internalAddress },
      { type: 'Hostname', address: name },
    ],
    // A network plugin that was installed once stays, whatever becomes of its Job.
    conditions: [
      { type: 'Ready', status: networked || before ? 'True' : 'False', lastHeartbeatTime: kubelet.startedAt },
    ],
    nodeInfo: { kubeletVersion: kubelet.version },
  }
  if (found !== undefined) {
    kubelet.hasRegistered = true
    store.replace({ ...found, status } as KubeObject)
    return
  }
  if (kubelet.hasRegistered) return
  kubelet.hasRegistered = true
  const taints = taintsOf(kubelet.taints)
  store.create({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } },
    spec: taints.length === 0 ? {} : { taints },
    status,
  } as KubeObject)
}

/** `key=value:Effect,…`. */
function taintsOf(flag: string | undefined): readonly Taint[] {
  return (flag ?? '').split(',').flatMap((text) => {
    const found = /^([^=]+)=([^:]*):(NoSchedule|NoExecute|PreferNoSchedule)$/.exec(text)
    return found === null
      ? []
      : [{ key: found[1] ?? '', value: found[2] ?? '', effect: (found[3] ?? '') as Taint['effect'] }]
  })
}

/** Each namespace gets a ServiceAccount for pods that name none. */
function makeAccounts(store: KubeStore): void {
  for (const { metadata } of store.list('v1', 'Namespace')) {
    const account = { apiVersion: 'v1', kind: 'ServiceAccount' }
    const named = { namespace: metadata.name, name: 'default' }
    if (store.get({ ...account, ...named }) === undefined) store.create({ ...account, metadata: named })
  }
}

/** What a controller does with pods of nodes that have been gone for a while. */
export function collectOrphans({ etcdClusters }: SimWorld): void {
  for (const { kube } of etcdClusters.values()) {
    for (const pod of strandedPods(kube)) kube.delete(refOf(pod))
  }
}

/** Objects deleted in the foreground go after what they own. */
function collectGarbage(store: KubeStore): void {
  for (const job of store.list('batch/v1', 'Job')) {
    if (job.metadata.deletionTimestamp === undefined) continue
    for (const pod of podsOf(store, job)) store.delete(refOf(pod))
    store.delete(refOf(job))
  }
}

/** A Job gets a pod, the pod ends, and then the Job has completed. What it would apply is noted. */
function stepJob(world: SimWorld, store: KubeStore, job: Job): void {
  if (job.metadata.deletionTimestamp !== undefined || jobIsComplete(job) || jobHasFailed(job)) return
  const { nodeName, serviceAccountName } = podSpec(job)
  const account = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    namespace: 'kube-system',
    name: serviceAccountName,
  }
  if (store.get(account) === undefined) return
  const { name, namespace = 'default' } = job.metadata
  const [pod] = podsOf(store, job)
  if (pod === undefined) {
    const metadata = { name: `${name}-x7k2p`, namespace, labels: { 'job-name': name } }
    const spec = { nodeName }
    store.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec,
      status: { phase: 'Pending' },
    } as KubeObject)
    return
  }
  const runs = world.machines.some(({ kubelet }) => kubelet?.name.toLowerCase() === nodeName)
  if (!runs || !world.letsJobsEnd) return
  if (world.failingJobs.has(name)) {
    store.replace({ ...pod, status: { phase: 'Failed' } } as KubeObject)
    store.replace({ ...job, status: { conditions: [{ type: 'Failed', status: 'True' }] } } as KubeObject)
    return
  }
  store.replace({ ...pod, status: { phase: 'Succeeded' } } as KubeObject)
  const conditions = [{ type: 'Complete', status: 'True' }]
  store.replace({ ...job, status: { succeeded: 1, conditions } } as KubeObject)
  const addon = name.replace(/-deploy-job$/, '')
  const manifest = store.get<ConfigMap>({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: addon })
  store.applied.set(addon, manifest?.data?.[addon])
}

function podsOf(store: KubeStore, { metadata }: KubeObject): readonly KubeObject[] {
  return store
    .list('v1', 'Pod', metadata.namespace)
    .filter((pod) => pod.metadata.labels?.['job-name'] === metadata.name)
}

function podSpec(job: Job): { nodeName: string; serviceAccountName: string } {
  const template = isRecord(job.spec) ? job.spec.template : undefined
  const spec = isRecord(template) && isRecord(template.spec) ? template.spec : {}
  return { nodeName: String(spec.nodeName), serviceAccountName: String(spec.serviceAccountName) }
}

function jobRef(name: string) {
  return { apiVersion: 'batch/v1', kind: 'Job', namespace: 'kube-system', name } as const
}

const jobIsComplete = (job: Job | undefined): boolean => jobHas(job, 'Complete')
const jobHasFailed = (job: Job): boolean => jobHas(job, 'Failed')

function jobHas(job: Job | undefined, condition: string): boolean {
  return job?.status?.conditions?.some(({ type, status }) => type === condition && status === 'True') ?? false
}

/** It is, or was until nothing was heard of its kubelet any more. */
function wasReady(conditions: readonly Condition[] | undefined): boolean {
  return conditions?.some(({ type, status }) => type === 'Ready' && status !== 'False') ?? false
}
