import { resourceName, type ServedKind } from '../objects/resource-names.ts'
import { groupPath } from './resource-path.ts'
import type { Rest } from './rest.ts'

interface GroupList {
  readonly groups: readonly { readonly preferredVersion: { readonly groupVersion: string } }[]
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

/** All kinds that can be listed and written, each in the version that the server prefers. */
export async function servedKinds(rest: Rest, signal?: AbortSignal): Promise<readonly ServedKind[]> {
  const what = 'look up the kinds of objects'
  const { groups } = await rest.json<GroupList>({ method: 'GET', path: '/apis', what, signal })
  const versions = ['v1', ...groups.map(({ preferredVersion }) => preferredVersion.groupVersion)]
  const lists = await Promise.all(
    versions.map(async (apiVersion) => {
      const path = groupPath(apiVersion)
      const { resources } = await rest.json<ResourceList>({ method: 'GET', path, what, signal })
      return resources
        .filter(({ name, verbs }) => !name.includes('/') && VERBS.every((verb) => verbs.includes(verb)))
        .map(({ name, kind }) => ({ apiVersion, kind, resource: resourceName(name, apiVersion) }))
    }),
  )
  return lists.flat()
}
