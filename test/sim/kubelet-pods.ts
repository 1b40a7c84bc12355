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

/** Pods whose machine has been down, or was installed anew, are called unready after a while. */
export function loseReadiness({ machines }: SimWorld, store: KubeStore): void {
  const nodes = store.list('v1', 'Node') as readonly NodeObject[]
  for (const { metadata, status } of nodes) {
    const isHere = ({ internalAddress }: SimMachine): boolean =>
      status?.addresses?.some(({ address }) => address === internalAddress) === true
    const docker = machines.find(isHere)?.docker
    const lost = podsOn(store, metadata.name).filter(
      (pod) => isReady(pod) && docker?.get(containerName(pod))?.status !== 'running',
    )
    for (const pod of lost) store.replace({ ...pod, status: { phase: 'Running' } } as KubeObject)
  }
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
