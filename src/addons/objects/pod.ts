import type {
  V1Affinity,
  V1EnvVar,
  V1NodeSelectorRequirement,
  V1Toleration,
  V1Volume,
} from '@kubernetes/client-node'

/** Environment variable with a literal value. */
export function env(name: string, value: string): V1EnvVar {
  return { name, value }
}

/** Environment variable taken from the pod's own fields, e.g. `spec.nodeName`. */
export function envFromField(name: string, fieldPath: string): V1EnvVar {
  return { name, valueFrom: { fieldRef: { fieldPath } } }
}

/** Environment variable taken from one key of a ConfigMap. */
export function envFromConfigMap(name: string, configMap: string, key: string): V1EnvVar {
  return { name, valueFrom: { configMapKeyRef: { name: configMap, key } } }
}

/** A volume that is a path on the node. `type` says what must be, or is made, there. */
export function hostPath(name: string, path: string, type?: string): V1Volume {
  return { name, hostPath: type === undefined ? { path } : { path, type } }
}

/** Tolerates every taint of the effect. */
export function tolerateEffect(effect: string): V1Toleration {
  return { effect, operator: 'Exists' }
}

/** Tolerates the taint key, whatever its value and effect. */
export function tolerateKey(key: string): V1Toleration {
  return { key, operator: 'Exists' }
}

export const onWorker: V1NodeSelectorRequirement = {
  key: 'node-role.kubernetes.io/worker',
  operator: 'Exists',
}
export const notOnWindows: V1NodeSelectorRequirement = {
  key: 'beta.kubernetes.io/os',
  operator: 'NotIn',
  values: ['windows'],
}

/** Node affinity with one term: all of the requirements together. */
export function requireNode(...matchExpressions: V1NodeSelectorRequirement[]): V1Affinity {
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] },
    },
  }
}

/** Nodes with Linux, and with the user's labels, of which one may be about the operating system itself. */
export function linuxNodes(
  user: Readonly<Record<string, string>> | undefined,
  osLabel = 'kubernetes.io/os',
): Record<string, string> | undefined {
  return sortedMap({ [osLabel]: 'linux', ...user })
}

/** The map with its keys sorted, or nothing for an empty one. */
export function sortedMap<T = string>(
  map: Readonly<Record<string, T>> | undefined,
): Record<string, T> | undefined {
  const entries = Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}
