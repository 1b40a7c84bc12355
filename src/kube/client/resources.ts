import { KubeError } from '../../errors.ts'
import type { ObjectRef } from '../objects/kube-object.ts'
import { groupPath, knownResource, type Resource, resourcePath } from './resource-path.ts'
import type { Rest } from './rest.ts'

interface Discovery {
  readonly resources: readonly {
    readonly name: string
    readonly kind: string
    readonly namespaced: boolean
  }[]
}

/** Paths of objects. An unknown group is discovered once (`GET /apis/<group>`). */
export class Resources {
  readonly #rest: Rest
  readonly #groups = new Map<string, Promise<Discovery>>()

  constructor(rest: Rest) {
    this.#rest = rest
  }

  /** Without `name`: the collection's. Fails with a `KubeError` if the API has no such kind. */
  async path(
    object: Omit<ObjectRef, 'name'> & { readonly name?: string },
    signal?: AbortSignal,
  ): Promise<string> {
    const { apiVersion, kind } = object
    const resource = knownResource(apiVersion, kind) ?? (await this.#discover(apiVersion, kind, signal))
    return resourcePath(resource, object)
  }

  async #discover(apiVersion: string, kind: string, signal?: AbortSignal): Promise<Resource> {
    const group = await this.#group(apiVersion, signal)
    const found = group.resources.find((resource) => resource.kind === kind && !resource.name.includes('/'))
    if (found !== undefined) return { plural: found.name, namespaced: found.namespaced }
    // A custom resource definition that is created later may add it.
    this.#groups.delete(apiVersion)
    throw new KubeError(`the API server knows no ${kind} in ${apiVersion}`, { step: `look up ${kind}` })
  }

  async #group(apiVersion: string, signal?: AbortSignal): Promise<Discovery> {
    const known = this.#groups.get(apiVersion)
    if (known !== undefined) return known
    const what = `look up the kinds of ${apiVersion}`
    const asked = this.#rest.json<Discovery>({ method: 'GET', path: groupPath(apiVersion), what, signal })
    this.#groups.set(apiVersion, asked)
    asked.catch(() => this.#groups.delete(apiVersion))
    return asked
  }
}
