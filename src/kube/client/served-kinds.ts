import { groupOf, namesGroup, resourceName, type ServedKind } from '../objects/resource-names.ts'
import { groupPath } from './resource-path.ts'
import type { Rest } from './rest.ts'

interface Version {
  readonly groupVersion: string
}

interface GroupList {
  readonly groups: readonly { readonly versions: readonly Version[]; readonly preferredVersion: Version }[]
}

interface ResourceList {
  readonly resources: readonly {
    readonly name: string
    readonly kind: string
    readonly verbs: readonly string[]
  }[]
}

interface ApiServiceList {
  readonly items: readonly {
    readonly spec: { readonly group?: string; readonly version?: string; readonly service?: object | null }
  }[]
}

/** What can be listed and written, so that it is neither a review nor a metric. */
const VERBS = ['list', 'update']

const WHAT = 'look up the kinds of objects'

/**
 * All kinds that can be listed and written of the groups that some names in a provider file can mean, each in the version that the
 * server prefers, or else the first that has it. Without those of aggregated APIs: their servers store objects by themselves, and
 * may be down.
 */
export async function servedKinds(
  rest: Rest,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<readonly ServedKind[]> {
  const [{ groups }, aggregated] = await Promise.all([
    rest.json<GroupList>({ method: 'GET', path: '/apis', what: WHAT, signal }),
    aggregatedVersions(rest, signal),
  ])
  const preferredFirst = groups.flatMap(({ versions, preferredVersion }) =>
    [preferredVersion, ...versions].map(({ groupVersion }) => groupVersion),
  )
  const asked = [...new Set(['v1', ...preferredFirst])].filter(
    (version) => namesGroup(names, groupOf(version)) && !aggregated.has(version),
  )
  const lists = await Promise.all(asked.map((apiVersion) => kindsOf(apiVersion, rest, signal)))
  const kinds = new Map<string, ServedKind>()
  for (const kind of lists.flat()) if (!kinds.has(kind.resource)) kinds.set(kind.resource, kind)
  return [...kinds.values()]
}

/** Versions of groups that the API server passes on to another server, such as `metrics.k8s.io/v1beta1`. */
async function aggregatedVersions(rest: Rest, signal?: AbortSignal): Promise<ReadonlySet<string>> {
  const path = `${groupPath('apiregistration.k8s.io/v1')}/apiservices`
  const { items } = await rest.json<ApiServiceList>({ method: 'GET', path, what: WHAT, signal })
  const passedOn = items.filter(({ spec: { service } }) => service !== undefined && service !== null)
  return new Set(passedOn.map(({ spec: { group = '', version = '' } }) => `${group}/${version}`))
}

async function kindsOf(
  apiVersion: string,
  rest: Rest,
  signal: AbortSignal | undefined,
): Promise<readonly ServedKind[]> {
  const path = groupPath(apiVersion)
  const { resources } = await rest.json<ResourceList>({ method: 'GET', path, what: WHAT, signal })
  return resources
    .filter(({ name, verbs }) => !name.includes('/') && VERBS.every((verb) => verbs.includes(verb)))
    .map(({ name, kind }) => ({ apiVersion, kind, resource: resourceName(name, apiVersion) }))
}
