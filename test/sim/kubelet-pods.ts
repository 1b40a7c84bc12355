import type { KubeObject, Pod } from '../../src/kube/objects/kube-object.ts'
import type { NodeObject } from '../../src/kube/objects/to-kube-node.ts'
import { isReady } from './deployments.ts'
import type { KubeStore } from './kube-store.ts'
import { podsOn } from './scheduler.ts'
import type { SimMachine } from './sim-machine.ts'
import type { SimWorld } from './sim-world.ts'

const PAUSE = 'rancher/mirrored-pause:3.7'

/**
 * What a kubelet with cri-dockerd does: each pod of its node is a container in Docker with the names and labels that
 * cri-dockerd gives; those of pods that are gone are removed. Pods of Jobs are left to the Job controller.
 */
export function stepPods({ docker, kubelet }: SimMachine, store: KubeStore): void {
  if (kubelet === undefined) return
  const pods = podsOn(store, kubelet.name.toLowerCase()).filter(
    ({ metadata }) => metadata.labels?.['job-name'] === undefined,
  )
  const names = new Set(pods.map(containerName))
  for (const { name, id } of [...docker.containers]) {
    if (name.startsWith('k8s_') && !names.has(name)) docker.remove(id, true)
  }
  for (const pod of pods) {
    const name = containerName(pod)
    if (docker.get(name) === undefined) {
      docker.load(PAUSE)
      docker.create(name, { Image: PAUSE, Labels: labelsOf(pod) })
    }
    if (docker.find(name).status !== 'running') docker.start(name)
    const { startedAt } = docker.find(name)
    if (isReady(pod) && startOf(pod) === startedAt) continue
    const conditions = [{ type: 'Ready', status: 'True' }]
    const containerStatuses = [{ state: { running: { startedAt } } }]
    store.replace({ ...pod, status: { phase: 'Running', conditions, containerStatuses } } as KubeObject)
  }
}

/** A Node whose machine has been down for a while is called not Ready, and so are its pods, and those of one that was installed anew. */
export function loseReadiness({ machines }: SimWorld, store: KubeStore): void {
  const nodes = store.list('v1', 'Node') as readonly NodeObject[]
  for (const { metadata, status } of nodes) {
    const isHere = ({ internalAddress }: SimMachine): boolean =>
      status?.addresses?.some(({ address }) => address === internalAddress) === true
    const machine = machines.find(isHere)
    if (machine !== undefined && !machine.reachable && machine.kubelet === undefined)
      loseNode(store, metadata.name)
    const docker = machine?.docker
    const lost = podsOn(store, metadata.name).filter(
      (pod) => isReady(pod) && docker?.get(containerName(pod))?.status !== 'running',
    )
    for (const pod of lost) store.replace({ ...pod, status: { phase: 'Running' } } as KubeObject)
  }
}

/** What nothing is heard of any more is not known to be Ready. */
function loseNode(store: KubeStore, name: string): void {
  const node = store.get<NodeObject>({ apiVersion: 'v1', kind: 'Node', name })
  const conditions = node?.status?.conditions ?? []
  if (!conditions.some(({ type, status }) => type === 'Ready' && status === 'True')) return
  const lost = conditions.map((one) => (one.type === 'Ready' ? { ...one, status: 'Unknown' } : one))
  store.replace({ ...node, status: { ...node?.status, conditions: lost } } as KubeObject)
}

const startOf = ({ status }: Pod): string | undefined =>
  status?.containerStatuses?.[0]?.state?.running?.startedAt

function containerName({ metadata: { name, namespace, uid } }: Pod): string {
  return `k8s_POD_${name}_${namespace}_${uid}_0`
}

function labelsOf({ metadata: { name, namespace = '', uid = '' } }: Pod): Readonly<Record<string, string>> {
  return {
    'io.kubernetes.container.name': 'POD',
    'io.kubernetes.docker.type': 'podsandbox',
    'io.kubernetes.pod.name': name,
    'io.kubernetes.pod.namespace': namespace,
    'io.kubernetes.pod.uid': uid,
  }
}
