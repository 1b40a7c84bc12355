import { isRecord } from '../objects/manifest.ts'
import type { ManifestObject } from '../objects/manifest-object.ts'
import { isClusterScoped } from './cluster-scoped.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Fields of the built-in kinds that mean the same when they are absent, because the API fills them in. */
const API_DEFAULTS: Readonly<Record<string, unknown>> = {
  defaultMode: 420,
  dnsPolicy: 'ClusterFirst',
  failureThreshold: 3,
  hostIPC: false,
  hostNetwork: false,
  hostPID: false,
  initialDelaySeconds: 0,
  minReadySeconds: 0,
  optional: false,
  periodSeconds: 10,
  privileged: false,
  protocol: 'TCP',
  readOnly: false,
  restartPolicy: 'Always',
  scheme: 'HTTP',
  successThreshold: 1,
  timeoutSeconds: 1,
}
const DEFAULTED_APIS: readonly string[] = ['v1', 'apps/v1', 'batch/v1']

/** Maps that mean the same when they are empty as when they are absent. */
const EMPTY_IS_ABSENT: readonly string[] = ['annotations', 'data', 'labels', 'nodeSelector']

/** ConfigMaps whose values are read by a program that does not care about layout. */
const CONFIGURATION_TEXTS: readonly string[] = [
  'calico-config',
  'canal-config',
  'coredns',
  'kube-dns',
  'kube-flannel-cfg',
  'node-local-dns',
]

const RBAC_API = 'rbac.authorization.k8s.io/v1'

/**
 * The object in the one form that all ways to write it share: no nulls, no fields with the API's default,
 * keys sorted, RBAC lists (which are sets) sorted, JSON and Corefile texts without layout, no `status`, no namespace
 * where the kind has none.
 * Two objects with equal normal forms are the same to `kubectl apply`.
 */
export function normalise(object: ManifestObject): Json {
  const { status: _, ...rest } = object as ManifestObject & { status?: unknown }
  const { namespace, ...metadata } = object.metadata
  const placed = isClusterScoped(object) ? metadata : { ...metadata, namespace }
  const plain = clean({ ...rest, metadata: placed }, DEFAULTED_APIS.includes(object.apiVersion))
  if (!isRecord(plain)) return plain
  if (object.apiVersion === RBAC_API) return normaliseRbac(plain)
  if (isConfigurationText(object)) return { ...plain, data: clean(layoutFree(plain.data), false) }
  return plain
}

/** One line of text that is equal for equal normal forms. */
export function canonical(object: ManifestObject): string {
  return JSON.stringify(normalise(object))
}

function clean(value: unknown, dropDefaults: boolean): Json {
  if (Array.isArray(value)) return value.map((item) => clean(item, dropDefaults))
  if (isRecord(value)) {
    const kept = Object.keys(value)
      .sort()
      .map((key): [string, Json] => [key, clean(value[key], dropDefaults)])
      .filter(([key, member]) => !(isAbsent(key, member) || (dropDefaults && API_DEFAULTS[key] === member)))
    return Object.fromEntries(kept)
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return value === null || value === undefined ? null : String(value)
}

function isAbsent(key: string, value: Json): boolean {
  if (value === null) return true
  return EMPTY_IS_ABSENT.includes(key) && isRecord(value) && Object.keys(value).length === 0
}

function normaliseRbac(object: { [key: string]: Json }): Json {
  const sorted = (list: Json | undefined, each: (item: Json) => Json): Json =>
    Array.isArray(list)
      ? list.map(each).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      : null
  const sets = (rule: Json): Json =>
    isRecord(rule)
      ? Object.fromEntries(Object.entries(rule).map(([key, set]) => [key, sorted(set, (item) => item)]))
      : rule
  return clean(
    { ...object, rules: sorted(object.rules, sets), subjects: sorted(object.subjects, fullSubject) },
    false,
  )
}

/** The API adds the group of a User or Group, and the empty one of a ServiceAccount. */
function fullSubject(subject: Json): Json {
  if (!isRecord(subject) || (subject.apiGroup !== undefined && subject.apiGroup !== '')) return subject
  const apiGroup = subject.kind === 'ServiceAccount' ? null : 'rbac.authorization.k8s.io'
  return { ...subject, apiGroup }
}

function isConfigurationText({ kind, metadata }: ManifestObject): boolean {
  const system = metadata.namespace === 'kube-system' && CONFIGURATION_TEXTS.includes(metadata.name)
  return kind === 'ConfigMap' && system
}

function layoutFree(data: unknown): unknown {
  if (!isRecord(data)) return data
  return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, withoutLayout(text)]))
}

/** In CNI configurations the installer replaces tokens, one of them where a number belongs. */
const BARE_TOKEN = /(:\s*)(__[A-Z_]+__)/g

function withoutLayout(text: unknown): unknown {
  if (typeof text !== 'string') return text
  try {
    return JSON.stringify(clean(JSON.parse(text.replace(BARE_TOKEN, '$1"$2"')), false))
  } catch {
    const lines = text.split('\n').map((line) => line.replace(/#.*$/, '').trim().replace(/\s+/g, ' '))
    return lines.filter((line) => line !== '').join('\n')
  }
}
