import { resourceName, type ServedKind } from '../objects/resource-names.ts'
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

/** What can be listed and written, so that it is neither a review nor a metric. */
const VERBS = ['list', 'update']

const WHAT = 'look up the kinds of objects'

/** All kinds that can be listed and written, each in the version that the server prefers, or else the first that has it. */
export async function servedKinds(rest: Rest, signal?: AbortSignal): Promise<readonly ServedKind[]> {
  const { groups } = await rest.json<GroupList>({ method: 'GET', path: '/apis', what: WHAT, signal })
  const preferredFirst = groups.flatMap(({ versions, preferredVersion }) =>
    [preferredVersion, ...versions].map(({ groupVersion }) => groupVersion),
  )
  const asked = [...new Set(['v1', ...preferredFirst])]
  const lists = await Promise.all(asked.map((apiVersion) => kindsOf(apiVersion, rest, signal)))
  const kinds = new Map<string, ServedKind>()
  for (const kind of lists.flat()) if (!kinds.has(kind.resource)) kinds.set(kind.resource, kind)
  return [...kinds.values()]
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
