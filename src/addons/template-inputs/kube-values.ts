import type { Toleration, UpdateStrategy } from '../../config/cluster-config.ts'
import type { Json } from '../../config/yaml/write/sorted-yaml.ts'
import {
  type Dictionary,
  type KubeValue,
  kubeValue,
  type List,
  list,
  textMap,
} from '../../templates/values.ts'
import { apiUpdateStrategy } from '../addon-config.ts'
import { isRecord } from '../objects/manifest.ts'

/** Objects of Kubernetes in a list; none are null, as in RKE. */
export const kubeList = (objects: readonly object[]): KubeValue =>
  kubeValue(objects.length === 0 ? null : objects.map(asJson))

/** As Kubernetes writes them: what is empty is left out. */
export const tolerationList = (tolerations: readonly Toleration[]): KubeValue =>
  kubeList(
    tolerations.map((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''))),
  )

export const strategyValue = (given: UpdateStrategy | undefined, fallback: UpdateStrategy): KubeValue =>
  kubeValue(asJson(apiUpdateStrategy(given, fallback)))

/** A user's map of texts; an empty one is null, as in RKE. */
export const userMap = (texts: Readonly<Record<string, string>>): Dictionary =>
  textMap(Object.keys(texts).length === 0 ? undefined : texts)

/** A user's list of texts; an empty one is null, as in RKE. */
export const userList = (texts: readonly string[]): List => list(texts.length === 0 ? undefined : texts)

function asJson(value: unknown): Json {
  if (Array.isArray(value)) return value.map(asJson)
  if (isRecord(value)) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined)
    return Object.fromEntries(members.map(([key, member]) => [key, asJson(member)]))
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return null
}
