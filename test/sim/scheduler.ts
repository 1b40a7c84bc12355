import type { KubeObject, Pod, Taint } from '../../src/kube/objects/kube-object.ts'
import type { NodeObject } from '../../src/kube/objects/to-kube-node.ts'
import { isRecord } from './http.ts'
import type { KubeStore } from './kube-store.ts'

const UNSCHEDULABLE: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }

/**
 * Gives pods that have none a node: the emptiest that is Ready, that they tolerate, that has the labels they ask for, and
 * on which no pod refuses them. So what tolerates everything comes straight back to a node that was drained.
 */
export function schedule(store: KubeStore): void {
  const nodes = store.list('v1', 'Node') as readonly NodeObject[]
  for (const pod of store.list('v1', 'Pod') as readonly Pod[]) {
    if (pod.spec?.nodeName !== undefined || pod.metadata.labels?.['job-name'] !== undefined) continue
    const fitting = nodes.filter((node) => fits(store, pod, node))
    const load = (node: NodeObject): number => podsOn(store, node.metadata.name).length
    const [chosen] = [...fitting].sort((a, b) => load(a) - load(b))
    const unscheduled = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }]
    const next =
      chosen === undefined
        ? { ...pod, status: { phase: 'Pending', conditions: unscheduled } }
        : { ...pod, spec: { ...pod.spec, nodeName: chosen.metadata.name }, status: { phase: 'Pending' } }
    store.replace(next as KubeObject)
  }
}

export function podsOn(store: KubeStore, nodeName: string): readonly Pod[] {
  return (store.list('v1', 'Pod') as readonly Pod[]).filter(({ spec }) => spec?.nodeName === nodeName)
}

/** Pods that are bound to a Node that does not exist. */
export function strandedPods(store: KubeStore): readonly Pod[] {
  const nodes = new Set(store.list('v1', 'Node').map(({ metadata }) => metadata.name))
  return (store.list('v1', 'Pod') as readonly Pod[]).filter(
    ({ spec }) => spec?.nodeName !== undefined && !nodes.has(spec.nodeName),
  )
}

function fits(store: KubeStore, pod: Pod, node: NodeObject): boolean {
  const { metadata, spec, status } = node
  const ready = status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True')
  const taints = [...(spec?.taints ?? []), ...(spec?.unschedulable ? [UNSCHEDULABLE] : [])]
  return (
    ready === true &&
    taints.every((taint) => taint.effect === 'PreferNoSchedule' || tolerates(pod, taint)) &&
    wantedLabels(pod).every((key) => key in (metadata.labels ?? {})) &&
    !podsOn(store, metadata.name).some(refusesOthers)
  )
}

interface Toleration {
  readonly key?: string
  readonly operator?: string
  readonly effect?: string
}

function tolerates(pod: Pod, { key, effect }: Taint): boolean {
  const given = fieldOf(pod, 'spec', 'tolerations')
  const all: readonly Toleration[] = Array.isArray(given) ? given : []
  return all.some(
    (one) =>
      one.operator === 'Exists' &&
      (one.key === undefined || one.key === key) &&
      (one.effect === undefined || one.effect === effect),
  )
}

/** Keys that its node must have, by an affinity with `Exists`. */
function wantedLabels(pod: Pod): readonly string[] {
  const required = fieldOf(
    pod,
    ...['spec', 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution'],
  )
  return [...JSON.stringify(required ?? {}).matchAll(/"key":"([^"]+)","operator":"Exists"/g)].map(
    ([, key = '']) => key,
  )
}

/** An anti-affinity to every pod of every namespace. */
function refusesOthers(pod: Pod): boolean {
  const terms = fieldOf(
    pod,
    ...['spec', 'affinity', 'podAntiAffinity', 'requiredDuringSchedulingIgnoredDuringExecution'],
  )
  return JSON.stringify(terms ?? []).includes('"labelSelector":{},"namespaceSelector":{}')
}

function fieldOf(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), value)
}
